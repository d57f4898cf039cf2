import Language
import Tensors
import TestSupport
import Testing

@testable import Compiler

@Suite struct RecomputationTests {
  /// x, x² + x, … `depth` times over, added up; every step's operand is read again on the way back.
  private func chain(_ depth: Int) throws -> (region: Region, loss: ValueID, x: ValueID) {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let x = emitter.input(.f32([4096]))
    var value = x
    for index in 0..<depth {
      emitter.label = "layer\(index)"
      value = try emitter.emit("test.add", try emitter.emit("test.multiply", value, value), value)
    }
    let loss = try emitter.emit("test.total", value)
    emitter.setOutputs([loss])
    return (emitter.region, loss, x)
  }

  private func program(_ depth: Int, limit: Int, held: Int = 0) throws -> Program {
    let (region, loss, x) = try chain(depth)
    let compiler = Compiler(registry: ArithmeticOps.registry, gradientLimit: limit)
    return try #require(try compiler.compile(region, Demand(loss: loss, wrt: [x], held: held)) as? Program)
  }

  @Test func lessMemoryGivesTheSameBits() throws {
    let x = Tensor(shape: [4096], (0..<4096).map { Float($0) / 1e5 - 0.02 })
    let (all, little) = (try program(24, limit: .max), try program(24, limit: 0))
    // Twenty-four activations and the gradient at hand, against about two times five.
    #expect(all.workspaceBytes > 24 * 16384 && little.workspaceBytes < 14 * 16384, "\(little.workspaceBytes / 16384)")
    #expect(all.run([x]) == little.run([x]))
    #expect(little.operations > all.operations && little.operations < 1.5 * all.operations)
  }

  @Test func noMoreIsComputedAgainThanTheLimitAsks() throws {
    let all = try program(24, limit: .max)
    let whole = all.totalBytes + 16384
    #expect(try program(24, limit: whole).operations == all.operations)
    let half = try program(24, limit: whole * 6 / 10)
    #expect(half.totalBytes + 16384 <= whole * 6 / 10)
    #expect(half.workspaceBytes > (try program(24, limit: 0)).workspaceBytes)
    // What the caller holds leaves less.
    #expect(try program(24, limit: whole, held: whole / 2).workspaceBytes < all.workspaceBytes)
  }

  @Test func segmentsKeepWhatLaterOnesRead() throws {
    let (region, _, _) = try chain(4)
    var e = Emitter(registry: ArithmeticOps.registry, region: region)
    // One gradient node per activation, the last first.
    let activations = region.nodes.filter { $0.op.name == "test.add" }.map { $0.results[0] }
    for (index, value) in activations.enumerated().reversed() {
      e.label = "gradient\(index)"
      _ = try e.emit("test.multiply", value, value)
    }
    let plan = Recomputation(
      nodes: e.region.nodes, gradients: region.nodes.count, wanted: [],
      bytes: { region.inputs.contains($0) ? 0 : 16384 })
    var trial = e
    let nodes = try plan.segmented(2) { (node, operands) throws(Fault) in
      _ = try trial.emit(node.op, operands, node.attributes, label: "again \(node.label)")
      return trial.region.nodes.last!
    }
    #expect(
      nodes.dropFirst(region.nodes.count).map(\.label) == [
        "gradient3", "gradient2", "gradient1", "again layer0", "again layer0", "gradient0",
      ], "\(nodes.dropFirst(region.nodes.count).map(\.label))")
  }
}
