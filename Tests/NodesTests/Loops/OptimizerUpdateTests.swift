import Language
import Optimizers
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

  /// Along x² + 10 y²: each update is that of an optimiser that lives on from step to step.
  @Test func `L-BFGS goes on with its whole history`() throws {
    var living = LBFGS<Float>(.init(history: 4), count: 2)
    var wanted: [Float] = [1, 1]
    var (point, memory) = (Value.tensor(Tensor(shape: [2], wanted)), Value.list([]))
    for _ in 0..<9 {
      let slope = [2 * wanted[0], 20 * wanted[1]]
      let loss = Double(wanted[0] * wanted[0] + 10 * wanted[1] * wanted[1])
      let results = try run(
        OptimizerUpdate.op,
        ["point": point, "gradient": .tensor(Tensor(shape: [2], slope)), "memory": memory, "loss": .number(loss)],
        ["method": "lbfgs", "history": 4])
      (point, memory) = (results[0], results[1])
      slope.withUnsafeBufferPointer { slope in
        wanted.withUnsafeMutableBufferPointer { _ = living.tell(loss: loss, gradient: slope, point: $0) }
      }
      #expect(point.tensor?.elements(Float.self) == wanted)
    }
    #expect(abs(wanted[0]) < 0.1 && abs(wanted[1]) < 0.1)
  }

  @Test func `rate and clamp go by the step`() throws {
    func moved(_ step: Int) throws -> [Float]? {
      let x = Value.tensor(Tensor(shape: [1], [1] as [Float]))
      let settings: [String: Literal] = [
        "method": "sgd", "lr": 1, "schedule": .object(["kind": "step", "at": .array([2]), "rates": .array([4, 3])]),
        "clamp": .array([0, 1]), "clamp_steps": 2,
      ]
      return try run(OptimizerUpdate.op, ["point": x, "gradient": x, "step": .int(step)], settings)[0].tensor?
        .elements(Float.self)
    }
    #expect(try moved(1) == [0] && moved(2) == [-2])
  }

  @Test func `what cannot go on is said`() {
    let x = Value.tensor(Tensor(shape: [2], [1, 2] as [Float]))
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
