import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import ImageOps

@Suite struct ToTensorTests {
  let harness = OpHarness([])

  @Test(arguments: ["NCHW", "NHWC", "CHW", "HWC"]) func everyPixelLandsInItsPlace(_ layout: String) throws {
    let bytes = pixels([5, 7, 3])
    let x = try imageResult(
      ToTensor.op, [bytes], ["layout": .string(layout), "range": .array([.int(-1), .int(1)])])
    let values = bytes.elements(UInt8.self)
    var expected: [Double] = []
    if layout.hasSuffix("C") {
      expected = values.map { Double($0) / 127.5 - 1 }
    } else {
      for channel in 0..<3 { expected += stride(from: channel, to: 105, by: 3).map { Double(values[$0]) / 127.5 - 1 } }
    }
    #expect(error(x, expected) < 1e-7)
    #expect(x.shape == (layout.hasPrefix("N") ? [1] : []) + (layout.hasSuffix("C") ? [5, 7, 3] : [3, 5, 7]))
  }

  @Test(arguments: [("NCHW", "bgr"), ("CHW", "rgb"), ("HWC", "rgb")])
  func normalisingIsDoneInTheSamePass(_ layout: String, _ order: String) throws {
    let registry = Registry([ToTensor.op, Normalise.op])
    let bytes = pixels([9, 14, 3])
    var emitter = Emitter(registry: registry)
    let picture = emitter.input(.image(ImageType(format: .rgb8, height: 9, width: 14)))
    let range = Literal.array([.int(0), .int(255)])
    let x = try emitter.emit(ToTensor.op, [[picture]], ["range": range, "layout": .string(layout)])[0]
    let y = try emitter.emit(
      Normalise.op, [[x]],
      [
        "mean": .array([.int(104), .int(117), .int(123)]), "std": .int(58), "order": .string(order), "range": range,
        "layout": .string(layout),
      ])[0]
    emitter.setOutputs([y])
    let together = try Compiler(registry: registry).compile(emitter.region, Demand()).run([bytes])[0]
    emitter.setOutputs([x, y])
    // With x wanted as well nothing can be absorbed.
    let apart = try Compiler(registry: registry).compile(emitter.region, Demand()).run([bytes])
    #expect(together == apart[1])
    #expect(apart[0] != apart[1])
  }

  @Test func alphaIsDroppedOrKept() throws {
    let bytes = Tensor(shape: [1, 1, 2], [UInt16]([65535, 13107]))
    #expect(try imageResult(ToTensor.op, [bytes], [:]).elements(Float.self) == [1])
    #expect(try imageResult(ToTensor.op, [bytes], ["alpha": "keep"]).elements(Float.self) == [1, 0.2])
  }

  @Test func types() throws {
    #expect(try harness.infer(ToTensor.op, ["image": "image<rgb8>[H,W]"]) == ["tensor<f32>[1,3,H,W] rgb NCHW 0..1"])
    #expect(
      try harness.infer(
        ToTensor.op, ["image": "image<greya8>[8,9]"], ["layout": "HWC", "range": .array([.int(0), .int(255)])])
        == ["tensor<f32>[8,9,1] grey HWC 0..255"])
    #expect(try harness.infer(ToTensor.op, ["image": "image[H,W]"]) == ["tensor<f32>[1,?channels,H,W] NCHW 0..1"])
  }
}
