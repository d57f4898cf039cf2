import Language
import Tensors
import Testing
import Workers

@testable import Compiler

@Suite struct FootprintTests {
  private let compiler = Compiler(registry: LayoutOps.registry, team: Team(width: 2))

  /// x + w so many times over, w prepared; if asked, w + 1 as well.
  private func program(_ count: Int, readsWeight: Bool = false) throws -> any Executable {
    var emitter = Emitter(registry: LayoutOps.registry)
    var x = emitter.input(.f32([1, 16, 8, 8]))
    let w = emitter.input(.f32([1, 16, 8, 8]))
    for _ in 0..<count { x = try emitter.emit("test.fancy", x, w) }
    emitter.setOutputs(readsWeight ? [x, try emitter.emit("test.dear", w)] : [x])
    return try compiler.compile(emitter.region, Demand())
  }

  @Test func preparedFormsCountOnceAndAreKnownByTheirName() throws {
    let (one, two) = (try program(1).footprint(holding: nil), try program(3).footprint(holding: nil))
    #expect(one.forms == [Footprint.Form(name: "/test 1024", inputs: [1], bytes: 4096)])
    #expect(two.forms == one.forms && two.read.isEmpty)
  }

  @Test func theWorkspaceIsThatOfTheProgramThatHolds() throws {
    let program = try program(3)
    let held = program.holding([1: Tensor.zeros(.f32, shape: [1, 16, 8, 8])])
    #expect(program.footprint(holding: nil).workspaceBytes == held.workspaceBytes)
    // What is prepared at every run lies in working memory.
    #expect(held.workspaceBytes < program.workspaceBytes)
    #expect(program.footprint(holding: []) == Footprint(workspaceBytes: program.workspaceBytes))
  }

  @Test func whatIsComputedAheadOfRunsIsTheProgramsOwn() throws {
    // `dear` of the weight alone is done once; the weight itself is then read no more.
    let footprint = try program(1, readsWeight: true).footprint(holding: [1])
    #expect(footprint.forms.contains(Footprint.Form(name: nil, inputs: [1], bytes: 4096)))
    #expect(footprint.read.isEmpty)
    // With everything given nothing is left to do.
    #expect(try program(2).footprint(holding: [0, 1]).forms.map(\.inputs) == [[0, 1]])
  }

  @Test func whatIsReadAsItIsIsNamed() throws {
    var emitter = Emitter(registry: Registry([Self.plus]))
    let (x, v) = (emitter.input(.f32([4])), emitter.input(.f32([1])))
    emitter.setOutputs([try emitter.emit("test.plus", x, v)])
    let program = try Compiler(registry: Registry([Self.plus]), team: Team(width: 2)).compile(
      emitter.region, Demand())
    #expect(program.footprint(holding: [1]).read == [1] && program.footprint(holding: [1]).forms.isEmpty)
  }

  /// x + v[0], both row-major.
  private static let plus = Op(
    "test.plus", doc: "x + v[0]", inputs: [Port("x", "tensor<f32>"), Port("v", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.result.count
        return [
          Choice("plus") { call in
            for index in 0..<count { call.output()[index] = call.input(0)[index] + call.input(1)[0] }
          }
        ]
      })))
}
