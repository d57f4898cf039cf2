import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import Autodiff

@Suite struct FiniteDifferencesTests {
  /// x ↦ Σ x², which claims `scale` times its gradient.
  private struct Claim: Executable {
    let scale: Float
    let inputs = [Concrete(dtype: .f32, shape: [4])]
    let outputs = [Concrete(dtype: .f32, shape: []), Concrete(dtype: .f32, shape: [4])]
    let workspaceBytes = 0
    let operations = 0.0

    func run(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer], _ context: RunContext) {
      let x = (0..<4).map { inputs[0].assumingMemoryBound(to: Float.self)[$0] }
      outputs[0].assumingMemoryBound(to: Float.self)[0] = x.reduce(0) { $0 + $1 * $1 }
      for index in 0..<4 { outputs[1].assumingMemoryBound(to: Float.self)[index] = 2 * x[index] * scale }
    }
  }

  static func error(_ scale: Float) -> Double {
    let input = Tensor(shape: [4], [Float(0.5), -1, 2, -0.25])
    return FiniteDifferences.compare(Claim(scale: scale), inputs: [input], lossOutput: 0, wrt: [0], directions: 3)
      .map { $0.relativeError() }.max()!
  }

  @Test func aRightGradientPassesAndAWrongOneDoesNot() {
    #expect(Self.error(1) < 1e-3)
    #expect(Self.error(1.05) > 0.02 && Self.error(-1) > 1)
  }

  @Test func theErrorIsRelativeToTheLargerSide() {
    let comparison = FiniteDifferences.Comparison(input: 0, analytic: 2, numeric: 1)
    #expect(comparison.relativeError() == 0.5)
    #expect(FiniteDifferences.Comparison(input: 0, analytic: 1e-9, numeric: 0).relativeError() == 1e-3)
  }
}
