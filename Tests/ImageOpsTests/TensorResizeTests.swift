import Language
import Tensors
import TestSupport
import Testing

@testable import ImageOps

@Suite struct TensorResizeTests {
  let harness = OpHarness([TensorResize.op, TensorResize.gradient])

  /// The textbook form: a sum over four or sixteen neighbours with clamped indices.
  private func naive(
    _ x: [Double], _ h: Int, _ w: Int, _ height: Int, _ width: Int, _ mode: String, _ convention: String
  ) -> [Double] {
    func place(_ o: Int, _ input: Int, _ output: Int) -> Double {
      switch convention {
      case "align_corners": Double(o) * Double(input - 1) / Double(output - 1)
      case "asymmetric": Double(o) * Double(input) / Double(output)
      default: (Double(o) + 0.5) * Double(input) / Double(output) - 0.5
      }
    }
    func weight(_ t: Double) -> Double {
      let t = abs(t)
      if mode == "bilinear" { return max(0, 1 - t) }
      let a = -0.75
      return t <= 1 ? (a + 2) * t * t * t - (a + 3) * t * t + 1 : t < 2 ? a * (t * t * t - 5 * t * t + 8 * t - 4) : 0
    }
    return (0..<height * width).map { flat in
      let v = place(flat / width, h, height)
      let u = place(flat % width, w, width)
      var sum = 0.0
      for i in Int(v.rounded(.down)) - 1...Int(v.rounded(.down)) + 2 {
        for j in Int(u.rounded(.down)) - 1...Int(u.rounded(.down)) + 2 {
          sum += weight(v - Double(i)) * weight(u - Double(j)) * x[min(max(i, 0), h - 1) * w + min(max(j, 0), w - 1)]
        }
      }
      return sum
    }
  }

  @Test(arguments: ["bilinear", "bicubic"], ["torch_half_pixel", "opencv", "align_corners", "asymmetric"])
  func valuesMatchTheTextbook(_ mode: String, _ convention: String) throws {
    let x = random([1, 2, 5, 7])
    for size in [[11, 4], [3, 14]] {
      let y = try harness.evaluate(
        TensorResize.op, ["x": x],
        ["size": .array(size.map { .int($0) }), "mode": .string(mode), "convention": .string(convention)])[0]
      let values = x.elements(Float.self).map(Double.init)
      let expected = [values[..<35], values[35...]].flatMap {
        naive(Array($0), 5, 7, size[0], size[1], mode, convention)
      }
      #expect(error(y, expected) < 1e-6)
    }
  }

  @Test(arguments: [[[2, 20, 5, 7], [10, 14]], [[1, 3, 9, 4], [4, 7]]]) func inBlocksTheNearestHasTheSameBits(
    _ sizes: [[Int]]
  ) throws {
    let (shape, size) = (sizes[0], sizes[1])
    var values = Array(random(shape).elements(Float.self))
    values[3] = -0.0
    let x = Tensor(shape: shape, values)
    let with: [String: Literal] = [
      "size": .array(size.map { .int($0) }), "mode": "nearest", "convention": "asymmetric",
    ]
    let expected = try harness.evaluate(TensorResize.op, ["x": x], with)[0]
    guard case .numeric(let numeric) = TensorResize.op.action else { return }
    let choices = try numeric.select(
      Site(
        attributes: TensorResize.op.attributes(with).0, operands: [[Concrete(dtype: .f32, shape: shape)]],
        results: [Concrete(dtype: .f32, shape: expected.shape)]))
    let choice = try #require(choices.first { $0.resultLayouts == [.blocked] })
    let y = choice.result(of: x.blocks, count: expected.blocks.count)
    #expect(y.map(\.bitPattern) == expected.blocks.map(\.bitPattern))
  }

  @Test func nearestRepeatsElements() throws {
    let x = random([3, 2, 2])
    let y = try harness.evaluate(TensorResize.op, ["x": x], ["scale": 2, "mode": "nearest"])[0]
    let values = x.elements(Float.self)
    for (flat, value) in y.elements(Float.self).enumerated() {
      let (plane, row, column) = (flat / 16, flat / 4 % 4, flat % 4)
      #expect(value == values[plane * 4 + row / 2 * 2 + column / 2])
    }
  }

  /// The factor given counts, not the quotient of the rounded sizes: 2.5 makes 7 of 3, read at (o + 1/2) / 2.5 - 1/2.
  @Test func stepsByTheFactorGiven() throws {
    let x = Tensor(shape: [1, 3], [Float]([0, 1, 2]))
    let y = try harness.evaluate(TensorResize.op, ["x": x], ["scale": .array([1, 2.5])])[0]
    #expect(error(y, [0, 0.1, 0.5, 0.9, 1.3, 1.7, 2]) < 1e-6)
  }

  @Test(arguments: ["nearest", "bilinear", "bicubic"], ["torch_half_pixel", "align_corners", "asymmetric", "pillow"])
  func gradientMatchesDifferences(_ mode: String, _ convention: String) throws {
    for size in [[3, 9], [8, 2]] {
      let error = try harness.gradientError(
        TensorResize.op, ["x": random([2, 5, 4])],
        ["size": .array(size.map { .int($0) }), "mode": .string(mode), "convention": .string(convention)])
      #expect(error < 2e-3)
    }
  }

  @Test func shapes() throws {
    let x: KeyValuePairs = ["x": "tensor<f32>[1,3,H,W] rgb NCHW 0..1"]
    #expect(try harness.infer(TensorResize.op, x, ["scale": 2]) == ["tensor<f32>[1,3,2*H,2*W] rgb NCHW 0..1"])
    #expect(try harness.infer(TensorResize.op, x, ["size": .array([4, 5])]) == ["tensor<f32>[1,3,4,5] rgb NCHW 0..1"])
    #expect(
      harness.refusal(TensorResize.op, x) == "one of the params \"size\" and \"scale\" is needed, not both")
    #expect(
      harness.refusal(TensorResize.op, ["x": "tensor<f32>[4]"], ["scale": 2])
        == "x has 1 dimensions; at least 2 are needed")
  }
}
