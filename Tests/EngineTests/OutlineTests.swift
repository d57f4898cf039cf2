@testable import Engine

import Graph
import Language
import Tensors
import TestSupport
import Testing

@Suite struct OutlineTests {
  @Test func componentsAreConvexAndStandInAnOrderInWhichTheyRun() {
    // n1 and n3 are one component although the host node h2 stands between them, on which n3 depends.
    let graph = GraphBuilder.build {
      let h0 = $0.node("h0", "toy.constant")
      let n1 = $0.node("n1", "toy.scale", [[h0]])
      let h2 = $0.node("h2", "toy.constant", [], ["value": .float(3)])
      let n3 = $0.node("n3", "toy.add", [[n1, h2]])
      // Back through a host node: another component.
      let h4 = $0.node("h4", "toy.shift", [[n3]])
      $0.output("y", $0.node("n5", "toy.add", [[n3, h4]]))
    }
    let outline = Outline(graph)
    let names = outline.units.map { unit in unit.nodes.map { graph.nodes[$0].path } }
    #expect(Set(names) == [["h0"], ["n1", "n3"], ["h2"], ["h4"], ["n5"]])
    var seen = Set<Int>()
    for unit in outline.units {
      for input in unit.inputs { #expect(outline.producer[input] < 0 || seen.contains(input)) }
      seen.formUnion(unit.nodes.flatMap { graph.nodes[$0].results })
    }
    for width in 1...3 {
      let result = EngineTests.engine(width).runAndWait(graph, inputs: [:])
      #expect(result.outputs["y"]?.numbers == Array(repeating: 5 + 6, count: 4))
      #expect(result.ran == 6)
    }
  }

  /// One program for pictures of all sizes: what is compiled for one of them ends where the size is settled.
  @Test func aComponentEndsWhereAPictureOfAnySizeGetsAKnownOne() {
    let anySize = ImageType(format: .rgb8, height: .symbol("H"), width: .symbol("W"))
    func names(_ settled: ValueType) -> Set<[String]> {
      var values: [FlatGraph.Operand] = []
      var graph = GraphBuilder.build {
        let picture = $0.input("picture")
        let colour = $0.node("colour", "toy.scale", [[picture]])
        let crop = $0.node("crop", "toy.add", [[colour, picture]])
        let tensor = $0.node("tensor", "toy.scale", [[crop]])
        values = [picture, colour, crop]
        $0.output("y", $0.node("net", "toy.scale", [[tensor]]))
        $0.output("z", $0.node("beside", "toy.scale", [[colour]]))
      }
      for (operand, type) in zip(values, [.image(anySize), .image(anySize), settled]) {
        graph.types[operand.values[0]] = type
      }
      return Set(Outline(graph).units.map { unit in unit.nodes.map { graph.nodes[$0].path }.sorted() })
    }
    let small = ImageType(format: .rgb8, height: 112, width: 112)
    let height = Dim.symbol("H")
    #expect(names(.image(small)) == [["beside", "colour", "crop"], ["net", "tensor"]])
    #expect(names(.f32([1, 3, 112, 112])) == [["beside", "colour", "crop"], ["net", "tensor"]])
    #expect(names(.image(anySize)) == [["beside", "colour", "crop", "net", "tensor"]])
    #expect(names(.f32([1, 3, height, 112])) == [["beside", "colour", "crop", "net", "tensor"]])
  }

  @Test func onlyWhatIsWantedIsOutlined() {
    let outline = Outline(EngineTests.diamond(), wanted: [0])
    #expect(outline.units.count == 1)
  }

  @Test func theDigestOfABodyForgetsNamesAndOrder() throws {
    func body(_ name: String, swapped: Bool) -> Outline {
      Outline(
        GraphBuilder.build {
          let first = $0.input(swapped ? "b" : "a")
          let second = $0.input(swapped ? "a" : "b")
          let (a, b) = swapped ? (second, first) : (first, second)
          let sum = $0.node(name, "toy.add", [[a, b]])
          if swapped { $0.output("z", a) }
          $0.output("y", sum)
          if !swapped { $0.output("z", a) }
        })
    }
    let keys = EngineTests.engine().keys
    #expect(try body("p", swapped: false).digest(keys) == body("q", swapped: true).digest(keys))
  }
}
