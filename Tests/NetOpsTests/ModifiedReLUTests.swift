import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct ModifiedReLUTests {
  /// The gradient of Σ weight · relu(x) by x.
  private func gradient(_ rule: String, _ x: [Float], _ weights: [Float], batch: Int = 1) throws -> [Float] {
    let ops = OpHarness([ModifiedReLU.op, ModifiedReLUGradient.op, SumSquares.op, DifferenceGradient.op])
    var emitter = Emitter(registry: ops.registry)
    let shape = [batch, x.count / batch]
    let input = emitter.input(.f32(shape.map { Dim($0) }))
    let y = try emitter.emit(ModifiedReLU.op, [[input]], ["rule": .string(rule)])[0]
    // The slope of ½Σ(y - t)² is y - t: a chosen one comes of t = y - slope.
    let target = emitter.constant(Tensor(shape: shape, zip(x, weights).map { max($0, 0) - $1 }))
    let loss = try emitter.emit(SumSquares.op, [[y], [target]], ["scale": 0.5])[0]
    emitter.setOutputs([loss])
    let program = try Compiler(registry: ops.registry).compile(emitter.region, Demand(loss: loss, wrt: [input]))
    return program.run([Tensor(shape: shape, x)])[1].elements(Float.self)
  }

  @Test func `each rule passes what it says`() throws {
    let (x, dy): ([Float], [Float]) = ([1, 2, -1, -2], [0.5, -0.5, 0.25, -0.25])
    #expect(try gradient("deconvnet", x, dy) == [0.5, 0, 0.25, 0])
    #expect(try gradient("guided", x, dy) == [0.5, 0, 0, 0])
    #expect(try gradient("redirect", x, dy) == [0.5, -0.5, 0, 0])
  }

  @Test func `a dead item of a batch is redirected, a live one is not`() throws {
    let (x, dy): ([Float], [Float]) = ([-1, -2, 1, -2], [0.5, -0.5, 0.5, -0.5])
    #expect(try gradient("redirect", x, dy, batch: 2) == [0, -0.5, 0.5, 0])
  }

  @Test func `values are those of the rectifier`() throws {
    let x = Tensor(shape: [3], [-1, 0, 2] as [Float])
    let ops = OpHarness([ModifiedReLU.op])
    #expect(try ops.evaluate(ModifiedReLU.op, ["x": x])[0].elements(Float.self) == [0, 0, 2])
  }
}
