import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct OptimizerUpdateTests {
  /// x ← x - lr · m / √v with m and v of gradients 2 and then 4 (Kingma and Ba 2015, algorithm 1).
  @Test func `two steps of Adam, the memory going from one to the next`() throws {
    var point: Value = .tensor(Tensor(shape: [1, 2], [1, -1] as [Float]))
    var memory: Value = .list([])
    for slope in [2, 4] as [Float] {
      let gradient = Tensor(shape: [1, 2], [slope, -slope])
      let results = try run(
        OptimizerUpdate.op, ["point": point, "gradient": .tensor(gradient), "memory": memory, "loss": .number(3)],
        ["method": "adam", "lr": 0.1])
      (point, memory) = (results[0], results[1])
      #expect(results[2].scalar == Double(slope) * 2.0.squareRoot())
    }
    let mean = (0.9 * 0.2 + 0.1 * 4) / (1 - 0.81)
    let square = (0.999 * 0.004 + 0.001 * 16) / (1 - 0.999 * 0.999)
    let expected = 1 - 0.1 - 0.1 * mean / square.squareRoot()
    #expect(largestError(point.tensor!.elements(Float.self), [expected, -expected]) < 1e-6)
    let kept = try #require(memory.list)
    #expect(kept[0].tensor?.elements(Float.self) == [2])
    #expect(kept[1].tensor?.shape == [1, 2])
  }

  @Test func `values are clamped`() throws {
    let results = try run(
      OptimizerUpdate.op,
      ["point": .tensor(Tensor(shape: [1], [1] as [Float])), "gradient": .tensor(Tensor(shape: [1], [-1] as [Float]))],
      ["method": "sgd", "lr": 5, "clamp": .array([0, 2])])
    #expect(results[0].tensor?.elements(Float.self) == [2])
  }

  @Test func `what cannot go on is said`() {
    let x = Value.tensor(Tensor(shape: [2], [1, 2] as [Float]))
    #expect(
      message { _ = try run(OptimizerUpdate.op, ["point": x, "gradient": x], ["method": "lbfgs"]) }
        == "the memory of \"lbfgs\" cannot be given on; that of adam, adamw and sgd can")
    #expect(
      message {
        _ = try run(OptimizerUpdate.op, ["point": x, "gradient": x, "memory": .list([x])], ["method": "adam"])
      } == "port \"memory\": 1 values where \"adam\" remembers 3")
    #expect(
      message {
        _ = try run(
          OptimizerUpdate.op, ["point": x, "gradient": x, "memory": .list([.int(1), x, x])], ["method": "adam"])
      } == "port \"memory\": \"steps\" of \"adam\" is an integer where f32[1] is needed")
    #expect(
      message {
        _ = try run(OptimizerUpdate.op, ["point": x, "gradient": x, "loss": .number(.nan)], ["method": "adam"])
      } == "the loss is nan")
  }
}
