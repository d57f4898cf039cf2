import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct RandomNoiseTests {
  func numbers(_ attributes: [String: Literal], seed: UInt64 = 1) throws -> [Double] {
    try run(TensorNoise.op, [:], ["shape": [100, 100]].merging(attributes) { $1 }, seed: seed)[0].tensor!.numbers
  }

  func moments(_ values: [Double]) -> (Double, Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
  }

  @Test func `distributions have their range and moments`() throws {
    let uniform = try numbers(["low": -20, "high": 20])
    #expect(uniform.allSatisfy { (-20..<20).contains($0) })
    #expect(abs(moments(uniform).0) < 0.5 && abs(moments(uniform).1 - 40 / 12.0.squareRoot()) < 0.2)
    let normal = try numbers(["distribution": "normal", "mean": 3, "deviation": 2])
    #expect(abs(moments(normal).0 - 3) < 0.08 && abs(moments(normal).1 - 2) < 0.06)
    let cut = try numbers(["distribution": "truncated_normal", "mean": 3, "deviation": 2])
    #expect(cut.allSatisfy { abs($0 - 3) <= 4.0001 })
    // The deviation of a normal cut at two deviations is 0.8796 of it.
    #expect(abs(moments(cut).1 - 2 * 0.8796) < 0.05)
    #expect(zip(cut, normal).count { $0 == $1 } > 9000)
  }

  @Test func `the seed decides`() throws {
    #expect(try numbers([:]) == numbers([:]))
    #expect(try numbers([:]) != numbers([:], seed: 2))
  }

  @Test func `extents come from one place`() throws {
    #expect(try infer(TensorNoise.op, ["like": "tensor<f32>[1,3,H,W] rgb 0..1"]) == ["tensor<f32>[1,3,H,W] rgb 0..1"])
    #expect(message { _ = try infer(TensorNoise.op) }.hasPrefix("tensor.noise takes its extents either"))
    #expect(
      message { _ = try infer(TensorNoise.op, [:], ["shape": [2], "low": 2]) }
        == "param \"low\" must be at most \"high\"")
  }

  @Test func `a noisy picture is as large as the other`() throws {
    let like = Value.image(plain(.grey16, height: 40, width: 50, [0]))
    let image = try run(ImageNoise.op, ["like": like])[0].image!
    #expect(image.height == 40 && image.width == 50 && image.format == .rgb8)
    #expect(Set(image.pixels.elements(UInt8.self)).count == 256)
    #expect(try infer(ImageNoise.op, ["like": "image<grey8>[H,W]"]) == ["image<rgb8>[H,W]"])
    #expect(try infer(ImageNoise.op, [:], ["width": 3]) == ["image<rgb8>[512,3]"])
  }
}
