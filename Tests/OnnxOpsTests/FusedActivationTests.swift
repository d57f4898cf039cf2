import Foundation
import Tensors
import Testing

@testable import OnnxOps

@Suite struct FusedActivationTests {
  static let values: [(name: String, wanted: Double)] = [
    ("", -0.5), ("Relu", 0), ("Tanh", Foundation.tanh(-0.5)), ("Sigmoid", 0.37754066879814546), ("LeakyRelu", -0.005),
    ("Elu", Foundation.exp(-0.5) - 1), ("HardSigmoid", 0.4), ("Softplus", 0.4740769841801067), ("Clip", -0.5),
  ]

  @Test func computesEachFunction() throws {
    for (name, wanted) in Self.values {
      let result = try FusedActivation.apply(name, [], to: Tensor(shape: [1], [Double(-0.5)]))
      #expect(abs(result.doubles()[0] - wanted) < 1e-15, "\(name)")
    }
  }
}
