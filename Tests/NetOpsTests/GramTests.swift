import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct GramTests {
  let harness = OpHarness([Gram.op, SymmetricSum.op, GramGradient.op])

  @Test func `values equal the plain loop under every normalisation`() throws {
    var random = TestRandom(seed: 21)
    let (batch, channels, area) = (2, 19, 6 * 50)
    let x = random.floats(batch * channels * area)
    for (name, divisor) in [("none", 1), ("chw", channels * area), ("hw", area)] {
      let y = try harness.evaluate(
        Gram.op, ["x": Tensor(shape: [batch, channels, 6, 50], x)], ["normalise": .string(name)])[0]
      let expected = (0..<batch * channels * channels).map { index in
        let (n, i, j) = (index / (channels * channels), index / channels % channels, index % channels)
        return (0..<area).reduce(0.0) {
          $0 + Double(x[(n * channels + i) * area + $1]) * Double(x[(n * channels + j) * area + $1])
        } / Double(divisor)
      }
      #expect(y.shape == [batch, channels, channels])
      #expect(largestError(y.elements(Float.self), expected) < 1e-5)
    }
  }

  @Test func `one image or none gives a plain matrix`() throws {
    let x = Tensor(shape: [2, 2], [1, 2, 3, 4] as [Float])
    let y = try harness.evaluate(Gram.op, ["x": x], ["normalise": "none"])[0]
    #expect(y == Tensor(shape: [2, 2], [5, 11, 11, 25] as [Float]))
    #expect(try harness.evaluate(Gram.op, ["x": x.reshaped([1, 2, 2, 1])], ["normalise": "none"])[0] == y)
  }

  @Test(arguments: [[1, 3, 4, 2], [2, 3, 4, 2], [3, 8]])
  func `gradients agree with differences`(shape: [Int]) throws {
    var random = TestRandom(seed: 22)
    let x = Tensor(shape: shape, random.floats(shape.reduce(1, *)))
    #expect(try harness.gradientError(Gram.op, ["x": x]) < 2e-3)
  }

  @Test func `shapes follow from numbers and from symbols`() throws {
    #expect(try harness.infer(Gram.op, ["x": "tensor<f32>[1,64,H,W] NCHW"]) == ["tensor<f32>[64,64]"])
    #expect(try harness.infer(Gram.op, ["x": "tensor<f32>[4,C,H,W]"]) == ["tensor<f32>[4,C,C]"])
    #expect(try harness.infer(Gram.op, ["x": "tensor<f32>[N,64,H,W]"]) == ["tensor<f32>"])
    #expect(try harness.infer(Gram.op, ["x": "tensor<f32>[C,H,W]"]) == ["tensor<f32>[C,C]"])
    #expect(harness.refusal(Gram.op, ["x": "tensor<f32>[7]"]) == "x: rank 1 ([7]) where at least 2 is needed")
    #expect(
      harness.refusal(Gram.op, ["x": "tensor<f32>[1,2,3,4,5]"]) == "x: rank 5 ([1,2,3,4,5]) where 2, 3 or 4 is needed")
    #expect(
      harness.refusal(Gram.op, ["x": "tensor<f32>[3,4]"], ["normalise": "hwc"])
        == "param \"normalise\" cannot be \"hwc\" (did you mean \"hw\"?); it is one of \"none\", \"chw\", \"hw\", \"unbiased\""
    )
  }
}
