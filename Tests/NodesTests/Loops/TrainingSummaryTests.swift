import Compiler
import Language
import MathOps
import NetOps
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct TrainingSummaryTests {
  @Test func `parameters count once, with the op that uses them first`() throws {
    let registry = Registry.linked
    var body = Emitter(registry: registry)
    let (x, weight, bias) = (body.input(.f32([2, 3])), body.input(.f32([3])), body.input(.f32([3])))
    let other = body.input(.f32([3]))
    let scaled = try body.emit(registry.op("math.mul"), [[x], [weight]], label: "scaled")[0]
    let moved = try body.emit(registry.op("math.add"), [[scaled], [bias]], label: "moved")[0]
    let again = try body.emit(registry.op("math.mul"), [[moved], [weight]], label: "again")[0]
    let away = try body.emit(registry.op("math.add"), [[again], [other]], label: "away")[0]
    body.setOutputs([away])
    let frozen = Tensor(shape: [3], [1, 2, 3] as [Float])
    let start = WeightSet(types: [:], digest: Digest(of: "w"), source: "here") { _ throws(Fault) in frozen }
    let site = LoopSite(
      attributes: Minimize.op.attributes([:]).0,
      training: LoopSite.Program(
        body: body.region,
        sources: [
          .fixed(Tensor(shape: [2, 3], [Float](repeating: 0, count: 6))), .wrt(0), .fixed(frozen),
          .fixed(Tensor(shape: [3], [1, 2, 3] as [Float])),
        ], outputs: ["y"]),
      wrt: [("weights/w", Tensor(shape: [3], [1, 1, 1] as [Float]))],
      weights: [
        LoopSite.Weights(
          name: "weights",
          start: start,
          members: ["w": .wrt(0)], fixed: ["b": frozen])
      ], loss: "y", seed: 1, compiler: Compiler(registry: registry))
    let records = try #require(TrainingSummary.value(site).list)
    func field(_ index: Int, _ name: String) -> String {
      guard case .record(let record) = records[index] else { return "no record" }
      return record[name].map { "\($0)" } ?? "none"
    }
    #expect((0..<4).map { field($0, "layer") } == ["scaled", "moved", "again", "away"].map { "\(Value.string($0))" })
    #expect((0..<4).map { field($0, "parameters") } == [3, 3, 0, 0].map { "\(Value.int($0))" })
    #expect((0..<4).map { field($0, "trainable") } == [3, 0, 0, 0].map { "\(Value.int($0))" })
    #expect(field(0, "op") == "\(Value.string("math.mul"))")
  }
}
