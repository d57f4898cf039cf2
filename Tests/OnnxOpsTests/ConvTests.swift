import Language
import Tensors
import TestSupport
import Testing

@testable import OnnxOps

@Suite struct ConvTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("Conv") }

  @Test(arguments: [DType.f16, .bf16, .f32, .f64]) func anyRankAndTypeAgreesWithTheDefinition(dtype: DType) throws {
    var random = TestRandom(seed: 5)
    let x = Tensor(shape: [2, 4, 3, 5, 4], random.floats(480).map(Double.init))
    let w = Tensor(shape: [6, 2, 2, 3, 2], random.floats(144).map(Double.init))
    let settings: [String: Literal] = [
      "group": .int(2), "strides": .array([.int(1), .int(2), .int(1)]),
      "dilations": .array([.int(1), .int(1), .int(2)]),
      "pads": .array([.int(1), .int(0), .int(2), .int(0), .int(1), .int(0)]),
    ]
    let (narrowX, narrowW) = (x.converted(to: dtype), w.converted(to: dtype))
    let result = try OnnxRun.result("Conv", [narrowX, narrowW], settings)
    #expect(result.shape == [2, 6, 3, 2, 4])
    let (a, b) = (narrowX.doubles(), narrowW.doubles())
    for (at, value) in result.doubles().enumerated() {
      let (n, m, z, y, u) = (at / 144, at / 24 % 6, at / 8 % 3, at / 4 % 2, at % 4)
      var sum = 0.0
      for tap in 0..<24 {
        let (c, k, l, j) = (tap / 12, tap / 6 % 2, tap / 2 % 3, tap % 2)
        let (p, q, r) = (z + k - 1, 2 * y + l, u + 2 * j - 2)
        guard (0..<3).contains(p), (0..<5).contains(q), (0..<4).contains(r) else { continue }
        sum += b[m * 24 + tap] * a[(((n * 4 + m / 3 * 2 + c) * 3 + p) * 5 + q) * 4 + r]
      }
      let tolerance = dtype == .bf16 ? 2e-2 : dtype == .f16 ? 3e-3 : 1e-5
      #expect(abs(value - sum) < tolerance, "element \(at): \(value), \(sum)")
    }
  }

  @Test func namesChannelsThatDiffer() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Conv", [.zeros(.f32, shape: [1, 3, 4, 4]), .zeros(.f32, shape: [2, 2, 3, 3])])
    }
    #expect(
      fault?.message == "inputs \"X\" [1, 3, 4, 4] and \"W\" [2, 2, 3, 3] do not fit: the channels differ (1 groups)")
  }

  @Test func namesAWindowThatDoesNotFit() throws {
    let fault = #expect(throws: Fault.self) {
      try OnnxRun.run("Conv", [.zeros(.f32, shape: [1, 2, 4, 2]), .zeros(.f32, shape: [2, 2, 3, 3])])
    }
    #expect(fault?.message == "a window of 3 does not fit into an axis of 2 with 0 of padding")
  }
}
