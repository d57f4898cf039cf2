import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct BlurTests {
  let ops = OpHarness([Blur.op, Blur.gradient])

  @Test func `a plain picture stays, a point spreads evenly`() throws {
    let plain = Tensor(shape: [1, 6, 7], Array(repeating: Float(0.25), count: 42))
    let same = try ops.evaluate(Blur.op, ["x": plain], ["sigma": 2])[0].elements(Float.self)
    #expect(same.allSatisfy { abs($0 - 0.25) < 1e-6 })
    var point = Array(repeating: Float(0), count: 81)
    point[40] = 1
    let y = try ops.evaluate(Blur.op, ["x": Tensor(shape: [9, 9], point)], ["sigma": 1])[0].elements(Float.self)
    #expect(abs(y.reduce(0, +) - 1) < 1e-5)
    // e^(-1/2) of the middle beside it, e^(-1) across.
    #expect(abs(y[41] / y[40] - 0.60653) < 1e-4 && abs(y[50] / y[40] - 0.36788) < 1e-4)
    let x = Tensor(shape: [9, 9], point)
    #expect(try ops.evaluate(Blur.op, ["x": x], ["sigma": 0])[0] == x)
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 3)
    #expect(try ops.gradientError(Blur.op, ["x": Tensor(shape: [2, 4, 5], random.floats(40))], ["sigma": 1.3]) < 2e-3)
  }
}
