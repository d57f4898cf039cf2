import Autodiff
import Compiler
import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

@Suite struct DropoutTests {
  let registry = Registry([Dropout.op, DropoutMask.op, SumSquares.op, DifferenceGradient.op])
  let x = Tensor(shape: [50_000], [Float](repeating: 3, count: 50_000))

  func run(
    seed: UInt64 = 1, step: UInt64 = 0, position: String = "a", rate: Double = 0.25, training: Bool = true
  ) throws -> [Float] {
    var emitter = Emitter(registry: registry)
    let input = emitter.input(.f32([50_000]))
    let (attributes, _) = Dropout.op.attributes(["rate": .float(rate), "training": .bool(training)])
    emitter.setOutputs(try emitter.emit(Dropout.op, [[input]], attributes, position: Digest(of: position)))
    return try Compiler(registry: registry).compile(emitter.region, Demand())
      .run([x], RunContext(seed: seed, step: step))[0].elements(Float.self)
  }

  @Test func `the share of zeros is the rate and the rest is scaled up`() throws {
    let y = try run()
    #expect(abs(Double(y.count { $0 == 0 }) / 50_000 - 0.25) < 0.01)
    #expect(y.allSatisfy { $0 == 0 || $0 == 4 })
    #expect(try run(training: false) == x.elements(Float.self))
  }

  @Test func `numbers depend on seed, step and place alone`() throws {
    let y = try run()
    #expect(try run() == y)
    #expect(try run(seed: 2) != y)
    #expect(try run(step: 1) != y)
    #expect(try run(position: "b") != y)
  }

  @Test func `the gradient passes through what was kept`() throws {
    var emitter = Emitter(registry: registry)
    let input = emitter.input(.f32([50_000]))
    let (attributes, _) = Dropout.op.attributes(["rate": 0.25])
    let y = try emitter.emit(Dropout.op, [[input]], attributes, position: Digest(of: "place"))[0]
    let loss = try emitter.emit(SumSquares.op, [[y]])[0]
    emitter.setOutputs([y, loss])
    let results = try Compiler(registry: registry).compile(emitter.region, Demand(loss: loss, wrt: [input]))
      .run([x], RunContext(seed: 9, step: 5))
    let expected = results[0].elements(Float.self).map { 2 * Double($0) / 0.75 }
    #expect(largestError(results[2].elements(Float.self), expected) < 1e-5)
  }
}
