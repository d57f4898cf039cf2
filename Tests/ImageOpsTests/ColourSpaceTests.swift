import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct ColourSpaceTests {
  let harness = OpHarness([ColourSpace.op, ColourSpace.inverse, ColourSpace.transposed])

  /// First rows and one colour row of each space as published (BT.601; NTSC; JFIF).
  @Test(arguments: [
    ("yiq", [0.5959, -0.2746, -0.3213]), ("yuv", [-0.14714, -0.28886, 0.436]), ("ycbcr", [-0.168736, -0.331264, 0.5]),
  ])
  func channelsAreThePublishedSums(_ space: String, _ row: [Double]) throws {
    let x = random([2, 3, 50, 40], in: 0...1)
    let y = try harness.evaluate(ColourSpace.op, ["x": x], ["space": .string(space)])[0]
    let (values, result) = (x.elements(Float.self).map(Double.init), y.elements(Float.self).map(Double.init))
    for index in stride(from: 0, to: 2000, by: 7) {
      let rgb = (0..<3).map { values[6000 + $0 * 2000 + index] }
      let brightness = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
      let colour = zip(row, rgb).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(result[6000 + index] - brightness) < 1e-6)
      #expect(abs(result[8000 + index] - colour) < 1e-4)
    }
    let back = try harness.evaluate(ColourSpace.inverse, ["x": y], ["space": .string(space)])[0]
    #expect(error(back, values) < 1e-5)
  }

  @Test(arguments: ["yiq", "yuv", "ycbcr"]) func gradientMatchesDifferences(_ space: String) throws {
    #expect(try harness.gradientError(ColourSpace.op, ["x": random([3, 2, 2])], ["space": .string(space)]) < 1e-3)
    #expect(
      try harness.gradientError(ColourSpace.inverse, ["x": random([1, 3, 2, 2])], ["space": .string(space)]) < 1e-3)
  }

  @Test func types() throws {
    let x = "tensor<f32>[1,3,H,W] rgb NCHW 0..1"
    #expect(try harness.infer(ColourSpace.op, ["x": x], ["space": "yuv"]) == ["tensor<f32>[1,3,H,W] yuv NCHW"])
    #expect(
      harness.refusal(ColourSpace.op, ["x": "tensor<f32>[3,H,W] bgr"]) == "colour order: x is bgr where rgb is needed")
    #expect(
      harness.refusal(ColourSpace.op, ["x": "tensor<f32>[H,W,3] HWC"])
        == "axis layout: x is HWC where channels come before rows")
    #expect(harness.refusal(ColourSpace.op, ["x": "tensor<f32>[1,H,W]"]) == "x has 1 channels where 3 are needed")
  }
}
