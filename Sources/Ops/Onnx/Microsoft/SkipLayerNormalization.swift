import Language
import Tensors

/// com.microsoft SkipLayerNormalization, the layer normalisation of input + skip (+ bias), SkipSimplifiedLayerNormalization, the same
/// without a mean, and the normalisations under their old names.
enum SkipLayerNormalization {
  static let ops = [
    skip("SkipLayerNormalization", "input skip gamma beta? bias?", isCentred: true),
    skip("SkipSimplifiedLayerNormalization", "input skip gamma bias?", isCentred: false),
    plain("LayerNormalization", "X Scale B?", "Y Mean? InvStdDev?", isCentred: true),
    plain("SimplifiedLayerNormalization", "X Scale", "Y InvStdDev?", isCentred: false),
  ]

  private static func skip(_ name: String, _ inputs: String, isCentred: Bool) -> Op {
    OnnxOperator.make(
      "ms.\(name)", "A sum, normalised.", inputs, "output mean? inv_std_var? input_skip_bias_sum?",
      [.attribute("epsilon", float: 1e-12)],
      infer: { facts throws(Fault) in
        let x = facts.tensor("input")
        let whole = Inference.tensor(x.dtype, x.shape)
        let statistics = Inference.tensor(.f32, x.shape.map { Inference.unknown(rank: $0.count) })
        return [whole, statistics, statistics, whole]
      }
    ) { call throws(Fault) in
      let input = try call.tensor("input").requireFloat("input")
      guard input.rank > 0 else { throw .rank("input", [], "at least one axis") }
      var sum = try Plus.run(input, try call.tensor("skip").expanded(to: input.shape), ("input", "skip"))
      if let bias = try call.optional("bias") { sum = try Plus.run(sum, bias.expanded(to: input.shape)) }
      let beta = isCentred ? try call.optional("beta") : nil
      let result = try LayerNormalization.normalise(
        sum, sum.rank - 1, try call.tensor("gamma"), beta, call.attributes.number("epsilon"), isCentred: isCentred)
      let shape = Array(sum.shape.dropLast()) + [1]
      return [
        result.y, .rounding(result.means, shape, to: .f32), .rounding(result.factors, shape, to: .f32), sum,
      ]
    }
  }

  private static func plain(_ name: String, _ inputs: String, _ outputs: String, isCentred: Bool) -> Op {
    OnnxOperator.make(
      "ms.\(name)", "The last axes normalised.", inputs, outputs,
      [.attribute("axis", -1), .attribute("epsilon", float: 1e-5), .attribute("stash_type", 1)],
      infer: { facts throws(Fault) in
        let x = facts.tensor("X")
        let statistics = Inference.tensor(.f32, x.shape.map { Inference.unknown(rank: $0.count) })
        return [Inference.tensor(x.dtype, x.shape), statistics] + (isCentred ? [statistics] : [])
      }
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X")
      let axis = try Axes.resolved(call.attributes.int("axis"), rank: x.rank)
      let bias = isCentred ? try call.optional("B") : nil
      let result = try LayerNormalization.normalise(
        x, axis, try call.tensor("Scale"), bias, call.attributes.number("epsilon"), isCentred: isCentred)
      let shape = Array(x.shape[..<axis]) + x.shape[axis...].map { _ in 1 }
      let factors = Tensor.rounding(result.factors, shape, to: .f32)
      return isCentred ? [result.y, .rounding(result.means, shape, to: .f32), factors] : [result.y, factors]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(SkipLayerNormalization.ops, $0) }
