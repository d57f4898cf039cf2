import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct BoundedNoiseTests {
  private func channels(_ mean: [Float], _ deviation: [Float], seed: UInt64 = 1) throws -> [[Double]] {
    let like = Tensor.zeros(.f32, shape: [1, mean.count, 90, 110])
    let noise = try run(
      BoundedNoise.op,
      [
        "like": .tensor(like), "mean": .tensor(Tensor(shape: [1, mean.count, 1, 1], mean)),
        "deviation": .tensor(Tensor(shape: [1, mean.count, 1, 1], deviation)),
      ], [:], seed: seed)[0].tensor!
    #expect(noise.shape == like.shape)
    let numbers = noise.elements(Float.self).map(Double.init)
    return mean.indices.map { Array(numbers[$0 * 9900..<($0 + 1) * 9900]) }
  }

  private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
  }

  /// Moments of a normal cut to 0..1, by the formulas of the truncated normal distribution: of mean 0.5 and deviation
  /// 0.1 nearly its own, of mean 0 and deviation 0.2 the half of a normal: 0.2 · √(2/π), 0.2 · √(1 − 2/π).
  @Test func `each channel has its own moments, and all lie in the range`() throws {
    let found = try channels([0.5, 0], [0.1, 0.2])
    #expect(found.allSatisfy { $0.allSatisfy { (0...1).contains($0) } })
    let (middle, edge) = (moments(found[0]), moments(found[1]))
    #expect(abs(middle.mean - 0.5) < 0.005 && abs(middle.deviation - 0.1) < 0.004, "\(middle)")
    #expect(abs(edge.mean - 0.1596) < 0.005 && abs(edge.deviation - 0.1206) < 0.004, "\(edge)")
  }

  @Test func `a plain style gives a plain picture`() throws {
    #expect(try channels([0.25], [0])[0].allSatisfy { $0 == 0.25 })
    #expect(try channels([7], [0.1])[0].allSatisfy { $0 == 1 })
  }

  @Test func `the seed decides`() throws {
    #expect(try channels([0.5], [0.3]) == channels([0.5], [0.3]))
    #expect(try channels([0.5], [0.3]) != channels([0.5], [0.3], seed: 2))
  }

  @Test func `what does not fit is named`() {
    let like = Value.tensor(.zeros(.f32, shape: [1, 3, 4, 4]))
    let two = Value.tensor(.zeros(.f32, shape: [2]))
    #expect(
      message { _ = try run(BoundedNoise.op, ["like": like, "mean": two, "deviation": two]) }
        == "port \"mean\" has 2 numbers for 3 channels")
    #expect(
      message {
        _ = try infer(
          BoundedNoise.op, ["like": "tensor<f32>[1,3,4,4]", "mean": "tensor<f32>", "deviation": "tensor<f32>"],
          ["low": 2])
      } == "param \"low\" must be at most \"high\"")
  }
}
