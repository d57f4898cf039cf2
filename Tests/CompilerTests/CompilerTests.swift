import Language
import Tensors
import TestSupport
import Testing
import Workers

@testable import Compiler

@Suite struct CompilerTests {
  static func region() throws -> (Region, loss: ValueID, x: ValueID, y: ValueID) {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let (x, y) = (emitter.input(.f32([3])), emitter.input(.f32([3])))
    let product = try emitter.emit("test.multiply", x, y)
    let loss = try emitter.emit("test.total", product)
    emitter.setOutputs([loss])
    return (emitter.region, loss, x, y)
  }

  @Test func programsAreMemoisedByRegionAndDemand() throws {
    let compiler = Compiler(registry: ArithmeticOps.registry)
    let (region, loss, x, y) = try Self.region()
    let first = try compiler.compile(region, Demand())
    #expect(try compiler.compile(try Self.region().0, Demand()) as AnyObject === first as AnyObject)
    let gradient = try compiler.compile(region, Demand(loss: loss, wrt: [x]))
    #expect(gradient as AnyObject !== first as AnyObject)
    #expect(try compiler.compile(region, Demand(loss: loss, wrt: [x, y])) as AnyObject !== gradient as AnyObject)
  }

  @Test func memoryOfForgottenProgramsIsGivenBack() throws {
    let compiler = Compiler(registry: ArithmeticOps.registry, memoryLimit: 0)
    let (region, loss, x, _) = try Self.region()
    weak var first: AnyObject?
    do { first = try compiler.compile(region, Demand()) as AnyObject }
    _ = try compiler.compile(region, Demand(loss: loss, wrt: [x]))
    #expect(first == nil)
  }

  @Test func aGradientTakesTheMemoryThatOthersKeep() throws {
    let compiler = Compiler(registry: ArithmeticOps.registry)
    let (region, loss, x, _) = try Self.region()
    let first = try #require(try compiler.compile(region, Demand()) as? Program)
    let tensors = [Tensor(shape: [3], [Float(1), 2, 3]), Tensor(shape: [3], [Float(4), 5, 6])]
    let before = first.run(tensors)
    #expect(compiler.slabs.byteCount > 0)
    _ = try compiler.compile(region, Demand(loss: loss, wrt: [x]))
    #expect(compiler.slabs.byteCount == 0 && first.run(tensors) == before)
  }

  @Test func whatTheMachineCannotHoldIsRefused() throws {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let (x, y) = (emitter.input(.f32([4_398_046_511_104])), emitter.input(.f32([4_398_046_511_104])))
    emitter.setOutputs([try emitter.emit("test.multiply", x, y)])
    let region = emitter.region
    let compiler = Compiler(registry: ArithmeticOps.registry)
    #expect(throws: Never.self) { try compiler.footprint(region, Demand(), holding: nil) }
    do throws(Fault) {
      _ = try compiler.compile(region, Demand())
      Issue.record("16 TiB are compiled")
    } catch {
      #expect(
        error.message.hasPrefix("this part of the graph needs 16384 GiB for its values, but the machine has "),
        "\(error.text)")
    }
  }

  @Test func gradientsFollowTheOutputs() throws {
    let (region, loss, x, y) = try Self.region()
    let program = try Compiler(registry: ArithmeticOps.registry).compile(region, Demand(loss: loss, wrt: [y, x]))
    let results = program.run([Tensor(shape: [3], [Float(1), 2, 3]), Tensor(shape: [3], [Float(4), 5, 6])])
    #expect(results.map { $0.elements(Float.self) } == [[32], [1, 2, 3], [4, 5, 6]])
  }
}
