import Language
import Tensors
import TestSupport
import Testing
import Workers

@testable import Compiler

@Suite struct LoweringTests {
  static func compile(_ region: Region, width: Int = 2) throws -> any Executable {
    try Compiler(registry: ArithmeticOps.registry, team: Team(width: width)).compile(region, Demand())
  }

  /// Planned memory, shared in place, gives the bits that memory of their own gives every value.
  @Test func randomRegionsAgreeWithTheInterpreter() throws {
    var random = TestRandom(seed: 11)
    for round in 0..<400 {
      let region = RegionInterpreter.random(
        nodes: Int.random(in: 0...25, using: &random), count: [1, 5, 40].randomElement(using: &random)!, using: &random)
      let inputs = region.inputs.map {
        Tensor(shape: region.concrete($0).shape, random.floats(region.concrete($0).count))
      }
      let program = try Self.compile(region)
      let expected = try RegionInterpreter.run(region, inputs)
      #expect(program.run(inputs) == expected, "round \(round)")
      #expect(program.run(inputs) == expected, "the second run of round \(round)")
    }
  }

  static func chain(_ build: (inout Emitter, ValueID) throws -> [ValueID]) throws -> Region {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let x = emitter.input(.f32([1000]))
    emitter.setOutputs(try build(&emitter, x))
    return emitter.region
  }

  @Test func inPlaceKernelsTakeNoNewMemory() throws {
    let region = try Self.chain { e, x in
      var value = try e.emit("test.scratch", x)
      for _ in 0..<10 { value = try e.emit("test.shift", value) }
      return [try e.emit("test.total", value)]
    }
    let shifted = try Self.compile(region, width: 1).workspaceBytes
    #expect(shifted == BufferPlan.padded(4000) + BufferPlan.padded(4096))
  }

  @Test func oneOperandIsGivenToOneResult() throws {
    let region = try Self.chain { e, x in
      let a = try e.emit("test.shift", x)
      let pair = try e.emit(ArithmeticOps.swap, [[a], [x]])
      let sum = try e.emit("test.multiply", pair[0], pair[1])
      return [try e.emit("test.total", sum)]
    }
    let x = Tensor(shape: [1000], (0..<1000).map { Float($0 % 10) })
    #expect(try Self.compile(region).run([x]) == RegionInterpreter.run(region, [x]))
  }

  @Test func inputsConstantsAndRepeatedValuesMayBeOutputs() throws {
    let region = try Self.chain { e, x in
      let c = e.constant(Tensor(shape: [2], [Float(7), 8]))
      let y = try e.emit("test.shift", x)
      return [x, y, c, y, x]
    }
    let x = Tensor(shape: [1000], (0..<1000).map(Float.init))
    let results = try Self.compile(region).run([x])
    #expect(
      results[0] == x && results[1] == results[3] && results[4] == x && results[2].elements(Float.self) == [7, 8])
  }
}
