import Compiler
import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct StepNoiseTests {
  @Test func `noise of the asked size, new at every step`() throws {
    let ops = OpHarness([StepNoise.op])
    var random = TestRandom(seed: 3)
    let x = Tensor(shape: [4000], random.floats(4000, in: 0...1))
    var emitter = Emitter(registry: ops.registry)
    let input = emitter.input(.f32([4000]))
    emitter.setOutputs(try emitter.emit(StepNoise.op, [[input]], ["spread": 0.5]))
    let program = try Compiler(registry: ops.registry).compile(emitter.region, Demand())
    let steps = [0, 0, 1].map { program.run([x], RunContext(seed: 5, step: $0))[0] }
    #expect(steps[0] == steps[1] && steps[0] != steps[2])
    let noise = zip(steps[0].elements(Float.self), x.elements(Float.self)).map { Double($0 - $1) }
    let deviation = (noise.reduce(0) { $0 + $1 * $1 } / 4000).squareRoot()
    #expect(abs(deviation - 0.5) < 0.03 && abs(noise.reduce(0, +) / 4000) < 0.03)
    #expect(try ops.evaluate(StepNoise.op, ["x": x], ["spread": 0])[0] == x)
    #expect(try ops.gradientError(StepNoise.op, ["x": Tensor(shape: [3], [0.5, 0.5, 0.5] as [Float])]) < 1e-3)
  }
}
