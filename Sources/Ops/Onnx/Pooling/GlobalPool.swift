import Language
import Tensors

/// ONNX GlobalAveragePool, GlobalMaxPool (1 to 22) and GlobalLpPool (2 to 22): one number per channel, the spatial axes kept with
/// extent 1.
enum GlobalPool {
  static let ops = [
    make("GlobalAveragePool", "The mean of each channel.") { values, _ in values.reduce(0, +) / Double(values.count) },
    make("GlobalMaxPool", "The largest element of each channel.") { values, _ in
      values.reduce(-.infinity) { Double.larger($0, $1) }
    },
    make("GlobalLpPool", "The p-norm of each channel.", [.attribute("p", 2, .positive)]) { values, call in
      Pool.norm(values, Double(call.attributes.int("p")))
    },
  ]

  private static func make(
    _ name: String, _ doc: String, _ params: [Param] = [],
    _ function: @escaping @Sendable (ArraySlice<Double>, HostCall) -> Double
  ) -> Op {
    OnnxOperator.make(
      name, doc, "X", "Y", params,
      infer: { facts throws(Fault) in
        let x = facts.tensor("X")
        return [Inference.tensor(x.dtype, x.shape.map { $0.prefix(2) + $0.dropFirst(2).map { _ in 1 } })]
      }
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X")
      guard x.rank >= 2 else { throw .rank("X", x.shape, "[N, C, spatial…]") }
      let values = x.doubles()
      let area = x.shape[2...].reduce(1, *)
      let results = (0..<(x.shape[0] * x.shape[1])).map { function(values[($0 * area)..<(($0 + 1) * area)], call) }
      return [.rounding(results, Array(x.shape[..<2]) + x.shape[2...].map { _ in 1 }, to: x.dtype)]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(GlobalPool.ops, $0) }
