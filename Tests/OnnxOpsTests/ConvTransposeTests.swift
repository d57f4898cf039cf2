import Language
import Tensors
import TestSupport
import Testing

@testable import OnnxOps

@Suite struct ConvTransposeTests {
  @Test func agreesWithTheSuite() { ConformanceCases.replay("ConvTranspose") }

  @Test func isTheTransposeOfConv() throws {
    var random = TestRandom(seed: 6)
    func numbers(_ count: Int) -> [Double] { random.floats(count).map(Double.init) }
    let settings: [String: Literal] = [
      "strides": .array([.int(2), .int(1)]), "pads": .array([.int(1), .int(0), .int(0), .int(1)]), "group": .int(2),
    ]
    let w = Tensor(shape: [4, 3, 3, 2], numbers(72))
    let x = Tensor(shape: [1, 6, 6, 4], numbers(144))
    let y = try OnnxRun.result("Conv", [x, w], settings)
    let v = Tensor(shape: y.shape, numbers(y.count))
    let back = try OnnxRun.result("ConvTranspose", [v, w], settings)
    #expect(back.shape == x.shape)
    // ⟨conv x, v⟩ = ⟨x, transposed v⟩
    func product(_ a: Tensor, _ b: Tensor) -> Double { zip(a.doubles(), b.doubles()).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(product(y, v) - product(x, back)) < 1e-12)
  }
}
