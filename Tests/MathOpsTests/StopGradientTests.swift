import Autodiff
import Compiler
import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct StopGradientTests {
  @Test func `numbers pass, gradients do not`() throws {
    let ops = OpHarness([StopGradient.op, Add.op, Sum.op, Expand.op, Multiply.op, Scale.op, ReduceTo.op, Reshape.op])
    let x = random([3, 4])
    #expect(try ops.evaluate(StopGradient.op, ["x": x])[0] == x)
    var emitter = Emitter(registry: ops.registry)
    let input = emitter.input(.f32([3, 4]))
    let held = try emitter.emit(StopGradient.op, [[input]])[0]
    let both = try emitter.emit(Multiply.op, [[input], [held]])[0]
    let loss = try emitter.emit(Sum.op, [[both]])[0]
    emitter.setOutputs([loss])
    let program = try Compiler(registry: ops.registry).compile(emitter.region, Demand(loss: loss, wrt: [input]))
    // The slope of x · held is held, not 2x.
    #expect(program.run([x])[1] == x)
  }
}
