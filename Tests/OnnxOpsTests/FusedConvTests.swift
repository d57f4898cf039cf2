import Language
import Tensors
import Testing

@testable import OnnxOps

@Suite struct FusedConvTests {
  @Test func isConvSumAndActivation() throws {
    let x = Tensor(shape: [1, 1, 1, 3], [Float(1), -2, 3])
    let w = Tensor(shape: [1, 1, 1, 1], [Float(2)])
    let z = Tensor(shape: [1, 1, 1, 3], [Float(1), 1, -9])
    let settings: [String: Literal] = ["activation": .string("LeakyRelu"), "activation_params": .array([.float(0.5)])]
    #expect(try OnnxRun.result("ms.FusedConv", [x, w, nil, z], settings).elements(Float.self) == [3, -1.5, -1.5])
  }

  @Test func channelsMayStandLast() throws {
    let x = Tensor(shape: [1, 1, 3, 2], [Float(1), 10, 2, 20, 3, 30])
    let w = Tensor(shape: [1, 1, 2, 2], [Float(1), 0, 0, 1])
    let y = try OnnxRun.result("ms.NhwcConv", [x, w])
    #expect(y.shape == [1, 1, 2, 1] && y.elements(Float.self) == [21, 32])
  }

  @Test func namesAnUnknownActivation() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run(
        "ms.FusedConv", [.zeros(.f32, shape: [1, 1, 1, 1]), .zeros(.f32, shape: [1, 1, 1, 1])],
        ["activation": .string("Swing")])
    }
    #expect(fault?.message == "the fused activation \"Swing\" is not supported")
  }
}
