import Language
import MathOps
import Models
import Tensors
import TestSupport
import Testing

@testable import NetOps

/// The five numbers that the deeplearning.ai assignments on face recognition and neural style transfer print, on their
/// own inputs (recorded from TensorFlow's generator).
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct CourseraChecksTests {
  let harness = OpHarness([])

  func load(_ names: String...) throws -> [Tensor] {
    let file = try NPZ(Assets.path("style/coursera_checks/coursera_inputs.npz"))
    return try names.map { name in try file.load(try #require(file.headers.first { $0.name == name })) }
  }

  /// [1, H, W, C] as [C, H · W].
  func channelsFirst(_ x: Tensor) -> Tensor {
    let (area, channels) = (x.shape[1] * x.shape[2], x.shape[3])
    let elements = x.elements(Float.self)
    return Tensor(
      shape: [channels, area], (0..<channels * area).map { elements[$0 % area * channels + $0 / area] })
  }

  func relativeError(_ actual: [Float], _ expected: [Double]) -> Double {
    zip(actual, expected).map { abs(Double($0) - $1) / abs($1) }.max() ?? .infinity
  }

  @Test func `triplet loss is 528.1427`() throws {
    let x = try load("anchor", "positive", "negative")
    let loss = try harness.evaluate(TripletLoss.op, ["anchor": x[0], "positive": x[1], "negative": x[2]])[0]
    #expect(relativeError(loss.elements(Float.self), [528.1427]) < 1e-5)
  }

  @Test func `content cost is 6.765593`() throws {
    let x = try load("content_C", "content_G")
    let cost = try harness.evaluate(MSE.op, ["a": x[0], "b": x[1]], ["reduction": "coursera_content"])[0]
    #expect(relativeError(cost.elements(Float.self), [6.765593]) < 1e-5)
  }

  @Test func `the Gram matrix is the printed one`() throws {
    let gram = try harness.evaluate(Gram.op, ["x": try load("gram_A")[0]], ["normalise": "none"])[0]
    let expected = [
      6.422306, -4.429122, -2.096682, -4.429122, 19.465837, 19.563871, -2.096682, 19.563871, 20.686462,
    ]
    #expect(relativeError(gram.elements(Float.self), expected) < 1e-5)
  }

  @Test func `style layer cost is 9.190278`() throws {
    let grams = try load("style_S", "style_G").map {
      try harness.evaluate(Gram.op, ["x": channelsFirst($0)], ["normalise": "hw"])[0]
    }
    let cost = try harness.evaluate(MSE.op, ["a": grams[0], "b": grams[1]], ["reduction": "coursera_style"])[0]
    #expect(relativeError(cost.elements(Float.self), [9.190278]) < 1e-5)
  }

  @Test func `total cost is 35.34667875478276`() throws {
    let costs = try load("total_content", "total_style").map { Tensor.scalar(Float($0.elements(Double.self)[0])) }
    let total = try harness.evaluate(
      WeightedSum.op, ["x": costs[0], "x": costs[1]], ["weights": [10, 40]])[0]
    #expect(relativeError(total.elements(Float.self), [35.34667875478276]) < 1e-5)
  }
}
