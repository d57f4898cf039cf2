import Language
import TestSupport
import Testing

@testable import Compiler

@Suite struct PruneTests {
  static func emitter() -> (Emitter, ValueID, ValueID) {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    let (x, y) = (emitter.input(.f32([4])), emitter.input(.f32([4])))
    return (emitter, x, y)
  }

  @Test func whatNobodyReadsGoes() throws {
    var (emitter, x, y) = Self.emitter()
    let a = try emitter.emit("test.add", x, y)
    _ = try emitter.emit("test.add", a, y)
    let b = try emitter.emit("test.shift", a)
    let live = Prune.live(emitter.region.nodes, wanted: [b], valueCount: emitter.region.types.count)
    #expect(live.map(\.op.name) == ["test.add", "test.shift"])
    #expect(Prune.live(emitter.region.nodes, wanted: [x], valueCount: emitter.region.types.count).isEmpty)
  }

  @Test func equalUsesBecomeOneAndChainsFollow() throws {
    var (emitter, x, y) = Self.emitter()
    let a = try emitter.emit("test.add", x, y)
    let b = try emitter.emit("test.add", x, y)
    let c = try emitter.emit("test.shift", a)
    let d = try emitter.emit("test.shift", b)
    let e = try emitter.emit("test.shift", b, attributes: ["by": 2.0])
    let f = try emitter.emit("test.add", y, x)
    let (nodes, stands) = Prune.merge(emitter.region.nodes, valueCount: emitter.region.types.count)
    #expect(nodes.count == 4 && stands[b] == a && stands[d] == c && stands[e] == e && stands[f] == f)
  }

  @Test func whatDoesNothingIsSkipped() throws {
    var (emitter, x, y) = Self.emitter()
    let a = try emitter.emit("test.shift", x)
    let b = try emitter.emit("test.add", a, y)
    let c = try emitter.emit("test.shift", b)
    let (nodes, stands) = Prune.merge(emitter.region.nodes, valueCount: emitter.region.types.count) {
      $0.op.name == "test.shift" ? $0.operands[0][0] : nil
    }
    #expect(nodes.map(\.op.name) == ["test.add"] && nodes[0].operands == [[x], [y]])
    #expect(stands[a] == x && stands[c] == b)
  }

  @Test func randomOpsStayApart() throws {
    let noise = Op(
      "test.noise", doc: "", inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")], isRandom: true,
      infer: { facts throws(Fault) in [facts.type("x")] },
      action: .numeric(Numeric(select: { _ throws(Fault) in [Choice("none") { _ in }] })))
    var (emitter, x, _) = Self.emitter()
    let a = try emitter.emit(noise, [[x]])[0]
    let b = try emitter.emit(noise, [[x]])[0]
    let (nodes, stands) = Prune.merge(emitter.region.nodes, valueCount: emitter.region.types.count)
    #expect(nodes.count == 2 && stands[a] == a && stands[b] == b)
  }
}
