import Compiler
import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct RandomWarpTests {
  let ops = OpHarness([RandomWarp.op, RandomWarp.gradient])
  private static let turned: [String: Literal] = [
    "jitter": 3, "scales": .array([.float(0.9), .float(1.2)]), "angles": .array([.float(-10), .float(15)]),
  ]

  private func result(_ x: Tensor, _ attributes: [String: Literal], step: UInt64, seed: UInt64 = 1) throws -> Tensor {
    var emitter = Emitter(registry: ops.registry)
    let input = emitter.input(.f32(x.shape.map { Dim($0) }))
    emitter.setOutputs(try emitter.emit(RandomWarp.op, [[input]], attributes))
    return try Compiler(registry: ops.registry).compile(emitter.region, Demand())
      .run([x], RunContext(seed: seed, step: step))[0]
  }

  @Test func `every step and stream draws anew, equal ones alike`() throws {
    var random = TestRandom(seed: 9)
    let x = Tensor(shape: [1, 1, 9, 9], random.floats(81))
    let first = try result(x, RandomWarpTests.turned, step: 0)
    #expect(try result(x, RandomWarpTests.turned, step: 0) == first)
    #expect(try result(x, RandomWarpTests.turned, step: 1) != first)
    #expect(try result(x, RandomWarpTests.turned, step: 0, seed: 2) != first)
    #expect(try result(x, RandomWarpTests.turned.merging(["stream": 1]) { $1 }, step: 0) != first)
    #expect(try result(x, [:], step: 5) == x)
  }

  @Test func `wrapping only moves`() throws {
    let x = Tensor(shape: [1, 6, 5], (0..<30).map(Float.init))
    var seen = Set<[Float]>()
    for step in 0..<20 {
      let y = try result(x, ["jitter": 4, "wrap": true], step: UInt64(step)).elements(Float.self)
      #expect(y.sorted() == x.elements(Float.self))
      seen.insert(y)
    }
    #expect(seen.count > 8)
  }

  @Test func `gradients agree with differences`() throws {
    var random = TestRandom(seed: 10)
    let x = Tensor(shape: [2, 7, 8], random.floats(112))
    #expect(try ops.gradientError(RandomWarp.op, ["x": x], RandomWarpTests.turned) < 2e-3)
    #expect(try ops.gradientError(RandomWarp.op, ["x": x], ["jitter": 4, "wrap": true]) < 2e-3)
  }

  @Test func refusals() {
    #expect(
      ops.refusal(RandomWarp.op, ["x": "tensor<f32>[3,4,4]"], ["angles": .array([])])
        == "param \"angles\" is empty: there is nothing to choose from")
  }
}
