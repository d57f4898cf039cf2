import Engine
import Graph
import Language
import Synchronization
import Tensors
import TestSupport
import Testing

/// Items of a map that run together.
@Suite struct GathererTests {
  /// How many items each finished node of the body ran with.
  private final class Sizes: EngineObserver {
    private let seen = Mutex<[Int]>([])
    var all: [Int] { seen.withLock { $0 } }

    func happened(_ event: EngineEvent) {
      if case .finished(let node) = event, node.path.contains("]/sum") { seen.withLock { $0.append(node.gathered) } }
    }
  }

  /// Each item plus ten; every third item has two elements where `isMixed`.
  private static func graph(count: Int, _ policy: FlatGraph.Policy, isMixed: Bool = false) -> FlatGraph {
    let inner = GraphBuilder.build {
      let item = $0.input("x")
      let ten = $0.input("ten")
      $0.output("y", $0.node("sum", "toy.add", [[item, ten]]))
    }
    return GraphBuilder.build {
      let items = (0..<count).map { index -> FlatGraph.Operand in
        let isLong = isMixed && index % 3 == 2
        return .constant(
          .tensor(Tensor(shape: [isLong ? 2 : 1], Array(repeating: Float(index), count: isLong ? 2 : 1))))
      }
      let ten = $0.node("ten", "toy.constant", [], ["value": .float(10), "size": .int(1)])
      $0.output(
        "y",
        $0.node(
          "each", "toy.map", [], ports: ["y"], policy: policy,
          structure: .map(.init(graph: inner, bindings: [.each(.list(items)), .shared(ten)])))[0])
    }
  }

  private static func run(
    _ graph: FlatGraph, width: Int = 1, _ observer: any EngineObserver = Recorder(), usesCache: Bool = false
  ) -> RunResult {
    EngineTests.engine(width).runAndWait(
      graph, inputs: [:], options: RunOptions(usesCache: usesCache), observer: observer)
  }

  @Test func itemsMeetUpToTheLimit() {
    for (batch, count, sizes) in [
      (4, 10, [4, 4, 4, 4, 4, 4, 4, 4, 2, 2]), (8, 7, [4, 4, 4, 4, 2, 2, 1]), (1, 3, [1, 1, 1]),
      (nil, 5, [4, 4, 4, 4, 1]),
    ] as [(Int?, Int, [Int])] {
      let observer = Sizes()
      let result = Self.run(Self.graph(count: count, .init(batch: batch)), observer)
      #expect(result.outputs["y"]?.numbers == (0..<count).map { Float($0) + 10 })
      #expect(result.ran == count + 2)
      #expect(observer.all == sizes)
    }
  }

  @Test func noMoreMeetThanMayBeInFlight() {
    let observer = Sizes()
    let result = Self.run(Self.graph(count: 6, .init(inflight: 2, batch: 4)), observer)
    #expect(result.outputs["y"]?.numbers.count == 6)
    #expect(observer.all == [2, 2, 2, 2, 2, 2])
  }

  @Test(arguments: 1...8) func groupingChangesNoResult(width: Int) {
    for usesCache in [false, true] {
      for batch in [nil, 1, 3, 64] {
        let result = Self.run(Self.graph(count: 40, .init(batch: batch)), width: width, usesCache: usesCache)
        #expect(result.outputs["y"]?.numbers == (0..<40).map { Float($0) + 10 })
      }
    }
  }

  @Test(arguments: [1, 2, 5]) func itemsOfOtherTypesAndFailuresKeepTheirPlaces(width: Int) {
    // Two elements and ten's one do not add up: those items fail on their own.
    let graph = Self.graph(count: 9, .init(onError: .skip), isMixed: true)
    #expect(Self.run(graph, width: width).outputs["y"]?.numbers == [10, 11, 13, 14, 16, 17])
    let failing = Self.run(Self.graph(count: 9, .init(), isMixed: true), width: width)
    #expect(failing.fault?.message == "toy.add takes tensors of one shape")
  }

  @Test func aTrapSeesEachItem() {
    let observer = Sizes()
    var options = RunOptions(usesCache: false)
    options.trapsNaN = true
    let result = EngineTests.engine(1).runAndWait(
      Self.graph(count: 4, .init()), inputs: [:], options: options, observer: observer)
    #expect(result.fault == nil && observer.all == [1, 1, 1, 1])
  }
}
