import Foundation
import Graph
import ImageOps
import Language
import MathOps
import NetOps
import Nodes
import Tensors
import TestSupport
import Testing

/// Published networks have exactly the parameters that they are known to have.
@Suite struct ParameterCountTests {
  /// The parameters that a network's nodes own when nothing is bound.
  private func parameters(_ name: String, x shape: [Int]) throws -> Int {
    let path = WeftProgram.checkout.appendingPathComponent("Graphs/\(name)").path
    var files = MemoryFiles()
    files.texts[path] = try String(contentsOfFile: path, encoding: .utf8)
    let result = Checker.check(
      path, registry: .linked, library: GraphLibrary(access: files),
      inputs: ["x": .tensor(.zeros(.f32, shape: shape))])
    try #require(result.isSound, "\(Diagnostics.text(result.faults))")
    return result.graph.nodes.filter { $0.op.name == "weights.initialize" }.reduce(0) {
      $0 + $1.attributes.ints("shape").reduce(1, *)
    }
  }

  /// deeplearning.ai prints this count, running statistics included.
  @Test func openFace() throws {
    let count = try parameters("networks/nn4-small2.json", x: [1, 3, 96, 96])
    #expect(count == 3_743_280)
  }
}
