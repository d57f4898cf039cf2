import Language
import Tensors
import TestSupport
import Testing

@testable import OnnxOps

@Suite struct DFTTests {
  /// Two cases expect the 1.9e-7 that NumPy's transform in float32 leaves where 0 is right.
  @Test func agreesWithTheSuite() {
    ConformanceCases.replay("DFT", noise: ["test_dft_inverse": 2e-7, "test_dft_inverse_opset19": 2e-7])
  }

  @Test(arguments: [1, 2, 7, 12, 30]) func goesThereAndBack(length: Int) throws {
    var random = TestRandom(seed: 7)
    let x = Tensor(shape: [1, length, 2], random.floats(2 * length).map(Double.init))
    let there = try OnnxRun.result("DFT", [x])
    let back = try OnnxRun.result("DFT", [there], ["inverse": .int(1)])
    #expect(zip(back.doubles(), x.doubles()).allSatisfy { abs($0 - $1) < 1e-12 })
    let first = (0..<length).reduce(0.0) { $0 + x.doubles()[2 * $1] }
    #expect(abs(there.doubles()[0] - first) < 1e-12)
  }
}
