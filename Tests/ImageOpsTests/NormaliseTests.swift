import Language
import Tensors
import TestSupport
import Testing

@testable import ImageOps

@Suite struct NormaliseTests {
  let harness = OpHarness([Normalise.op, Denormalise.op, ChannelAffine.op])

  /// Formulas as published, on RGB 0..1 of channel c of the result.
  static let formulas: [String: @Sendable ([Double], Int) -> Double] = [
    "imagenet": { ($0[$1] - [0.485, 0.456, 0.406][$1]) / [0.229, 0.224, 0.225][$1] },
    "caffe": { $0[2 - $1] * 255 - [103.939, 116.779, 123.68][$1] },
    "half": { $0[$1] * 2 - 1 },
    "arcface": { ($0[$1] * 255 - 127.5) / 128 },
  ]

  @Test(arguments: formulas.keys.sorted(), [false, true])
  func valuesMatchTheFormulas(_ name: String, _ isInterleaved: Bool) throws {
    let x = random(isInterleaved ? [2, 5, 6, 3] : [2, 3, 5, 6], in: 0...1)
    let y = try harness.evaluate(Normalise.op, ["x": x], ["stats": .string(name)])[0]
    let values = x.elements(Float.self).map(Double.init)
    let formula = Self.formulas[name]!
    let expected = values.indices.map { flat in
      let (channel, stride) = isInterleaved ? (flat % 3, 1) : (flat / 30 % 3, 30)
      return formula((0..<3).map { values[flat + ($0 - channel) * stride] }, channel)
    }
    #expect(error(y, expected) < 1e-5)
    let back = try harness.evaluate(Denormalise.op, ["x": y], ["stats": .string(name)])[0]
    #expect(error(back, values) < 1e-5)
  }

  @Test func customValuesAndOtherRanges() throws {
    let x = random([3, 4, 5], in: 0...255)
    let caffe = try harness.evaluate(
      Normalise.op, ["x": x], ["stats": "caffe", "range": .array([.int(0), .int(255)])])[0]
    let mean: Literal = .array([.float(103.939), .float(116.779), .float(123.68)])
    let custom = try harness.evaluate(Normalise.op, ["x": x], ["mean": mean, "order": "bgr"])[0]
    #expect(error(caffe, custom.elements(Float.self).map(Double.init)) < 1e-6)
  }

  @Test(arguments: ["imagenet", "caffe", "half"]) func gradientMatchesDifferences(_ name: String) throws {
    let x: KeyValuePairs = ["x": random([1, 3, 2, 2])]
    #expect(try harness.gradientError(Normalise.op, x, ["stats": .string(name)]) < 1e-3)
    #expect(try harness.gradientError(Denormalise.op, x, ["stats": .string(name)]) < 1e-3)
  }

  @Test func types() throws {
    let x = "tensor<f32>[1,3,H,W] rgb NCHW 0..1"
    let caffe = "tensor<f32>[1,3,H,W] bgr NCHW caffe"
    #expect(try harness.infer(Normalise.op, ["x": x], ["stats": "caffe"]) == [caffe])
    #expect(try harness.infer(Denormalise.op, ["x": caffe], ["stats": "caffe"]) == [x])
    #expect(
      harness.refusal(Normalise.op, ["x": "tensor<f32>[3,H,W] rgb 0..255"], ["stats": "imagenet"])
        == "value range: x is 0..255, but the param \"range\" says 0..1")
    #expect(
      harness.refusal(Normalise.op, ["x": caffe], ["stats": "caffe"]) == "colour order: x is bgr where rgb is needed")
    #expect(
      harness.refusal(Normalise.op, ["x": "tensor<f32>[1,H,W] grey"], ["stats": "imagenet"])
        == "mean has 3 numbers, but x has 1 channels")
    #expect(
      harness.refusal(Normalise.op, ["x": "tensor<f32>[3,H,W]"], ["std": .int(0)]) == "param \"std\" holds 0")
  }
}
