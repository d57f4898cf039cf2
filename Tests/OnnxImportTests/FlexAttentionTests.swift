import Foundation
import Graph
import Language
import Tensors
import TestSupport
import Testing

@testable import Models

@Suite struct FlexAttentionTests {
  private func model(
    _ shapes: [[Int]], _ attributes: [(String, OnnxBytes.Attribute)] = [], dtype: DType = .f32
  ) -> [UInt8] {
    let names = ["q", "k", "v"]
    return OnnxBytes.model(
      OnnxBytes.graph(
        [OnnxBytes.node("FlexAttention", names, ["y"], attributes, name: "n", domain: "ai.onnx.preview")],
        inputs: zip(names, shapes).map { OnnxBytes.value($0, dtype, $1.map(String.init)) }, outputs: [.value("y")]),
      opset: 22, domains: ["ai.onnx.preview"])
  }

  /// softmax(f · scale · q kᵀ) v · g in Double, head by head.
  private func attention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, scale: Double, scores f: Double = 1, chances g: Double = 1
  ) -> [Double] {
    func numbers(_ x: Tensor) -> [Double] { x.converted(to: .f64).elements(Double.self) }
    let (a, b, c) = (numbers(q), numbers(k), numbers(v))
    let (heads, shared, rows) = (q.shape[1], k.shape[1], q.shape[2])
    let (columns, size, width) = (k.shape[2], q.shape[3], v.shape[3])
    var result: [Double] = []
    for sample in 0..<q.shape[0] {
      for head in 0..<heads {
        let key = (sample * shared + head / (heads / shared)) * columns
        for row in 0..<rows {
          let query = ((sample * heads + head) * rows + row) * size
          let scores = (0..<columns).map { column in
            f * scale * (0..<size).reduce(0.0) { $0 + a[query + $1] * b[(key + column) * size + $1] }
          }
          let exponentials = scores.map { exp($0 - scores.max()!) }
          let sum = exponentials.reduce(0, +)
          for place in 0..<width {
            result.append((0..<columns).reduce(0.0) { $0 + g * exponentials[$1] / sum * c[(key + $1) * width + place] })
          }
        }
      }
    }
    return result
  }

  private func expectClose(_ y: Tensor?, _ expected: [Double], _ tolerance: Double) {
    guard let y else {
      Issue.record("no output")
      return
    }
    let worst = zip(y.converted(to: .f64).elements(Double.self), expected).map { abs($0 - $1) }.max() ?? .nan
    #expect(y.count == expected.count && worst <= tolerance, "\(worst)")
  }

  @Test func headsMayShareKeys() throws {
    for heads in [4, 2] {
      let shapes = [[2, 4, 3, 5], [2, heads, 6, 5], [2, heads, 6, 7]]
      let x = shapes.enumerated().map { OnnxRunner.numbers($1, shift: Float($0) / 5) }
      let y = try OnnxRunner.run(model(shapes), ["q": x[0], "k": x[1], "v": x[2]])["y"]
      #expect(y?.shape == [2, 4, 3, 7])
      expectClose(y, attention(x[0], x[1], x[2], scale: 1 / 5.0.squareRoot()), 1e-5)
    }
  }

  @Test func graphsChangeScoresAndChances() throws {
    func graph(_ name: String) -> OnnxBytes {
      OnnxBytes.graph(
        [.node("Mul", ["s", name], ["t"])], inputs: [.value("s", .f32, ["B", "H", "L", "S"])], outputs: [.value("t")],
        initializers: [(name, Tensor(shape: [], [name == "f" ? Float(3) : 0.5]))])
    }
    let shapes = [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]
    let x = shapes.enumerated().map { OnnxRunner.numbers($1, shift: Float($0) / 5) }
    let attributes: [(String, OnnxBytes.Attribute)] = [
      ("score_mod", .graph(graph("f"))), ("prob_mod", .graph(graph("g"))), ("scale", .float(0.25)),
    ]
    let y = try OnnxRunner.run(model(shapes, attributes), ["q": x[0], "k": x[1], "v": x[2]])["y"]
    expectClose(y, attention(x[0], x[1], x[2], scale: 0.25, scores: 3, chances: 0.5), 1e-5)
  }

  @Test func halvesComeBackAsHalves() throws {
    let shapes = [[1, 2, 3, 4], [1, 1, 5, 4], [1, 1, 5, 4]]
    let x = shapes.enumerated().map { OnnxRunner.numbers($1, shift: Float($0) / 5).converted(to: .f16) }
    let y = try OnnxRunner.run(model(shapes, dtype: .f16), ["q": x[0], "k": x[1], "v": x[2]])["y"]
    #expect(y?.dtype == .f16)
    expectClose(y, attention(x[0], x[1], x[2], scale: 0.5), 2e-3)
  }

  @Test func headsThatDoNotDivideAreRefused() {
    #expect(
      OnnxRunner.fault(model([[1, 3, 2, 4], [1, 2, 2, 4], [1, 2, 2, 4]]))?.message
        == "m.onnx: ai.onnx.preview.FlexAttention \"n\" has 3 query heads for 2 key heads")
  }
}
