import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct NormaliseGradientTests {
  @Test func `numbers pass and the gradient has the wanted length`() throws {
    let ops = OpHarness([NormaliseGradient.op, NormalisedGradient.op, SumSquares.op, DifferenceGradient.op])
    let x = Tensor(shape: [4], [1, -2, 3, -4] as [Float])
    #expect(try ops.evaluate(NormaliseGradient.op, ["x": x])[0] == x)
    for (norm, expected) in [("l1", [0.1, -0.2, 0.3, -0.4]), ("mean_abs", [0.4, -0.8, 1.2, -1.6])]
      as [(String, [Double])]
    {
      var emitter = Emitter(registry: ops.registry)
      let input = emitter.input(.f32([4]))
      let even = try emitter.emit(NormaliseGradient.op, [[input]], ["norm": .string(norm)])[0]
      let loss = try emitter.emit(SumSquares.op, [[even], []])[0]
      emitter.setOutputs([loss])
      let program = try Compiler(registry: ops.registry).compile(emitter.region, Demand(loss: loss, wrt: [input]))
      #expect(largestError(program.run([x])[1].elements(Float.self), expected) < 1e-6)
    }
  }
}
