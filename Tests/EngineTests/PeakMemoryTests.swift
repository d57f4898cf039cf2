import Engine
import Graph
import Language
import TestSupport
import Testing

@Suite struct PeakMemoryTests {
  /// The graph with every value, also in bodies, a tensor of 4 numbers: 16 bytes.
  private static func typed(_ graph: FlatGraph) -> FlatGraph {
    var graph = graph
    graph.types = graph.types.map { _ in .f32([4]) }
    return graph
  }

  private static func plan(_ graph: FlatGraph, width: Int = 1, inflight: Int? = nil) throws -> Plan {
    try EngineTests.engine(width).plan(graph, inputs: [:], options: RunOptions(usesCache: false, inflight: inflight))
  }

  @Test func theWorkspaceOfAComponentCounts() throws {
    let graph = Self.typed(
      GraphBuilder.build {
        let x = $0.node("x", "toy.constant")
        $0.output("y", $0.node("twice", "toy.scale", [[$0.node("once", "toy.scale", [[x]])]]))
      })
    let plan = try Self.plan(graph)
    // x and y, and the naive program's three buffers.
    #expect(plan.peakBytes == 2 * 16 + 3 * 16)
    #expect(plan.peakPath == "twice")
  }

  @Test func aMapCountsOncePerItemInFlight() throws {
    let inner = Self.typed(
      GraphBuilder.build {
        let x = $0.input("x")
        $0.output("y", $0.node("twice", "toy.scale", [[x]]))
      })
    let graph = GraphBuilder.build {
      let list = $0.node("items", "toy.range", [], ["count": .int(9)])
      $0.output(
        "y",
        $0.node(
          "each", "toy.map", [], ports: ["y"], policy: .init(batch: 1),
          structure: .map(.init(graph: inner, bindings: [.each(list)])))[0])
    }
    // An item: its result, and the program's two buffers. Lists have no known size.
    for (width, inflight, count) in [(1, nil, 1), (4, nil, 4), (4, 2, 2)] as [(Int, Int?, Int)] {
      let plan = try Self.plan(graph, width: width, inflight: inflight)
      #expect(plan.peakBytes == count * 3 * 16)
      #expect(plan.peakPath == "twice")
    }
  }

  @Test func fewerItemsInFlightGiveTheSame() {
    let graph = StructureTests.map(count: 20) { $0.node("sum", "toy.add", [[$1, $2]]) }
    let result = EngineTests.engine(4).runAndWait(graph, inputs: [:], options: RunOptions(inflight: 1))
    #expect(result.outputs["y"]?.numbers == (0..<20).map { Float($0) + 10 })
  }
}
