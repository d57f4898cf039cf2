import Language
import Tensors
import TestSupport
import Testing

@testable import NetOps

/// A use of an op on a batch: inputs with a batch axis by their shape per item, and inputs that all items share.
struct BatchCase: Sendable, CustomTestStringConvertible {
  let op: Op
  var attributes: [String: Literal] = [:]
  let items: [(String, [Int])]
  var shared: [(String, [Int])] = []
  var testDescription: String { "\(op.name) \(Attributes(attributes).canonical)" }

  /// Sizes that fall into several chunks.
  static let all: [BatchCase] = [
    BatchCase(
      op: Conv2D.op, attributes: ["padding": 1, "pad_mode": "reflect"], items: [("x", [6, 50, 41])],
      shared: [("weight", [70, 6, 3, 3]), ("bias", [70])]),
    BatchCase(
      op: Conv2D.op, attributes: ["groups": 12, "stride": 2], items: [("x", [12, 90, 80])],
      shared: [("weight", [12, 1, 3, 3])]),
    BatchCase(
      op: Conv2DInputGradient.op,
      attributes: ["size": [30, 40], "stride": 1, "dilation": 1, "groups": 1, "padding": 1, "pad_mode": "replicate"],
      items: [("dy", [9, 30, 40])], shared: [("weight", [9, 140, 3, 3])]),
    BatchCase(
      op: ConvTranspose2D.op, attributes: ["stride": 2, "groups": 2], items: [("x", [8, 20, 30])],
      shared: [("weight", [8, 70, 2, 2]), ("bias", [140])]),
    BatchCase(op: Linear.op, items: [("x", [600])], shared: [("weight", [1100, 600]), ("bias", [1100])]),
    BatchCase(op: MatMul.op, attributes: ["transpose_b": true], items: [("a", [140, 300]), ("b", [600, 300])]),
    BatchCase(op: MaxPool.op, attributes: ["kernel": 3, "stride": 2, "ceil": true], items: [("x", [9, 80, 70])]),
    BatchCase(op: MaxPoolGradient.op, attributes: ["kernel": 2], items: [("x", [9, 80, 70]), ("dy", [9, 40, 35])]),
    BatchCase(op: AveragePool.op, attributes: ["kernel": 3, "padding": 1], items: [("x", [9, 80, 70])]),
    BatchCase(
      op: AveragePool.gradient, attributes: ["kernel": 2], items: [("x", [9, 80, 70]), ("dy", [9, 40, 35])]),
    BatchCase(op: GlobalAveragePool.op, items: [("x", [30, 60, 60])]),
    BatchCase(op: GlobalMaxPool.op, items: [("x", [30, 60, 60])]),
    BatchCase(
      op: BatchNorm.op, items: [("x", [30, 40, 40])],
      shared: [("scale", [30]), ("shift", [30]), ("mean", [30]), ("variance", [30])]),
    BatchCase(op: InstanceNorm.op, attributes: ["affine": false], items: [("x", [30, 40, 40])]),
    BatchCase(
      op: InstanceNormInputGradient.op, attributes: ["epsilon": 1e-5],
      items: [("x", [30, 40, 40]), ("dy", [30, 40, 40])], shared: [("scale", [30])]),
    BatchCase(op: L2Norm.op, attributes: ["axis": 1], items: [("x", [50, 30, 10])]),
    BatchCase(op: L2NormGradient.op, items: [("x", [90, 300]), ("dy", [90, 300])]),
    BatchCase(op: ReLU.op, items: [("x", [77, 555])]),
    BatchCase(op: GELU.op, items: [("x", [77, 555])]),
    BatchCase(
      op: ActivationGradient.op, attributes: ["function": "tanh", "a": 0, "b": 0],
      items: [("value", [77, 555]), ("dy", [77, 555])]),
    BatchCase(op: PReLU.op, items: [("x", [77, 555])], shared: [("slope", [77])]),
    BatchCase(op: Softmax.op, attributes: ["axis": 1], items: [("x", [77, 55])]),
    BatchCase(op: LogSoftmax.op, items: [("x", [77, 555])]),
    BatchCase(
      op: SoftmaxGradient.op, attributes: ["axis": -1, "logarithmic": false],
      items: [("y", [77, 555]), ("dy", [77, 555])]),
    BatchCase(op: Gram.op, items: [("x", [70, 30, 40])]),
    BatchCase(op: GramGradient.op, items: [("x", [70, 30, 40]), ("sum", [70, 70])]),
  ]
}

@Suite struct BatchingTests {
  let harness = OpHarness([])

  /// The harness runs everything with one thread and with two; here the chunks also fall differently.
  @Test(arguments: BatchCase.all) func `items come out of a batch with the bits they have alone`(
    batch: BatchCase
  ) throws {
    var random = TestRandom(seed: 7)
    let count = 3
    func tensor(_ shape: [Int]) -> Tensor {
      Tensor(shape: shape, random.floats(shape.reduce(1, *), in: 0.1...1))
    }
    let items = batch.items.map { ($0.0, tensor([count] + $0.1)) }
    let shared = batch.shared.map { ($0.0, tensor($0.1)) }
    let whole = try harness.evaluate(batch.op, named: items + shared, batch.attributes)[0].elements(Float.self)
    var parts: [Float] = []
    for index in 0..<count {
      let alone = items.map { name, all in
        let length = all.count / count
        return (
          name,
          Tensor(
            shape: [1] + all.shape.dropFirst(),
            Array(all.elements(Float.self)[index * length..<(index + 1) * length]))
        )
      }
      parts += try harness.evaluate(batch.op, named: alone + shared, batch.attributes)[0].elements(Float.self)
    }
    let isFinite = whole.allSatisfy { $0.isFinite }
    #expect(isFinite)
    #expect(whole == parts)
  }
}
