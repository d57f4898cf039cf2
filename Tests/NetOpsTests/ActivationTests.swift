import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

/// The formula of an activation in Double.
struct ActivationCase: Sendable, CustomTestStringConvertible {
  let op: Op
  var attributes: [String: Literal] = [:]
  let formula: @Sendable (Double) -> Double
  var testDescription: String { "\(op.name) \(Attributes(attributes).canonical)" }

  static func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
  static func gate(_ x: Double) -> Double {
    0.5 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
  }

  static let all: [ActivationCase] = [
    ActivationCase(op: ReLU.op) { max($0, 0) },
    ActivationCase(op: LeakyReLU.op) { $0 > 0 ? $0 : 0.01 * $0 },
    ActivationCase(op: LeakyReLU.op, attributes: ["slope": 0.2]) { $0 > 0 ? $0 : 0.2 * $0 },
    ActivationCase(op: ELU.op) { $0 > 0 ? $0 : expm1($0) },
    ActivationCase(op: ELU.op, attributes: ["alpha": 2]) { $0 > 0 ? $0 : 2 * expm1($0) },
    ActivationCase(op: Sigmoid.op) { 1 / (1 + exp(-$0)) },
    ActivationCase(op: Tanh.op) { tanh($0) },
    ActivationCase(op: Softplus.op) { log1p(exp($0)) },
    ActivationCase(op: GELU.op) { $0 * normal($0) },
    ActivationCase(op: GELU.op, attributes: ["approximate": "tanh"]) { $0 * gate($0) },
    ActivationCase(op: SiLU.op) { $0 / (1 + exp(-$0)) },
    ActivationCase(op: HardSigmoid.op) { min(max($0 / 6 + 0.5, 0), 1) },
    ActivationCase(op: HardSigmoid.op, attributes: ["alpha": 0.2, "beta": 0.4]) { min(max(0.2 * $0 + 0.4, 0), 1) },
    ActivationCase(op: HardSwish.op) { $0 * min(max($0 / 6 + 0.5, 0), 1) },
  ]
}

@Suite struct ActivationTests {
  let harness = OpHarness([ActivationGradient.op])

  /// Values away from every kink (0, ±3, the ends of the hard sigmoids) by more than the step of the differences.
  let points = stride(from: Float(-7.83), through: 8, by: 0.217).map { $0 }

  @Test(arguments: ActivationCase.all) func `values equal the formula`(activation: ActivationCase) throws {
    let y = try harness.evaluate(
      activation.op, ["x": Tensor(shape: [points.count], points)], activation.attributes)[0]
    #expect(largestError(y.elements(Float.self), points.map { activation.formula(Double($0)) }) < 1e-6)
  }

  @Test(arguments: ActivationCase.all) func `gradients agree with differences`(activation: ActivationCase) throws {
    let x = points.filter { point in [-3, -2.5, -2, 0, 2.5, 3].allSatisfy { abs($0 - point) > 0.02 } }
    let error = try harness.gradientError(
      activation.op, ["x": Tensor(shape: [x.count], x)], activation.attributes)
    #expect(error < 2e-3)
  }

  @Test func `colour and layout stay, the range does not`() throws {
    let x = "tensor<f32>[N,3,H,W] rgb NCHW 0..255"
    #expect(try harness.infer(ReLU.op, ["x": x]) == ["tensor<f32>[N,3,H,W] rgb NCHW"])
    #expect(try harness.infer(Sigmoid.op, ["x": x]) == ["tensor<f32>[N,3,H,W] rgb NCHW 0..1"])
    #expect(try harness.infer(Tanh.op, ["x": "tensor"]) == ["tensor<f32> -1..1"])
    #expect(
      harness.refusal(ReLU.op, ["x": "tensor<u8>[3]"]) == "element type: u8 where f32 is needed")
    #expect(
      harness.refusal(ELU.op, ["x": x], ["alhpa": 1])
        == "nn.elu has no param \"alhpa\" (did you mean \"alpha\"?); it has alpha")
  }
}
