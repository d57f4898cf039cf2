import Language
import Tensors

/// ONNX LayerNormalization (17) and RMSNormalization (23): the axes from `axis` on brought to mean 0 and variance 1, or to a mean
/// square of 1, then scaled and shifted; scale and bias are stretched over them.
enum LayerNormalization {
  static let ops = [
    OnnxOperator.make(
      "LayerNormalization", "The last axes normalised.", "X Scale B?", "Y Mean? InvStdDev?", params,
      infer: { facts throws(Fault) in
        let x = facts.tensor("X")
        let stash = Inference.tensor(
          DType(onnx: facts.attributes.int("stash_type")), x.shape.map { Inference.unknown(rank: $0.count) })
        return [Inference.tensor(x.dtype, x.shape), stash, stash]
      }
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X")
      let axis = try Axes.resolved(call.attributes.int("axis"), rank: x.rank)
      let statistics = Array(x.shape[..<axis]) + x.shape[axis...].map { _ in 1 }
      let stash = try call.dtype("stash_type") ?? .f32
      let result = try normalise(
        x, axis, try call.tensor("Scale"), try call.optional("B"), call.attributes.number("epsilon"), isCentred: true)
      return [
        result.y, .rounding(result.means, statistics, to: stash), .rounding(result.factors, statistics, to: stash),
      ]
    },
    OnnxOperator.make(
      "RMSNormalization", "The last axes brought to a mean square of 1.", "X scale", "Y", params,
      infer: Inference.like("X")
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X")
      let axis = try Axes.resolved(call.attributes.int("axis"), rank: x.rank)
      return [
        try normalise(
          x, axis, try call.tensor("scale"), nil, call.attributes.number("epsilon"), isCentred: false
        ).y
      ]
    },
  ]

  private static let params: [Param] = [
    .attribute("axis", -1), .attribute("epsilon", float: 1e-5), .attribute("stash_type", 1),
  ]

  /// The result, and per row the mean and the reciprocal of the standard deviation.
  static func normalise(
    _ x: Tensor, _ axis: Int, _ scale: Tensor, _ bias: Tensor?, _ epsilon: Double, isCentred: Bool
  ) throws(Fault) -> (y: Tensor, means: [Double], factors: [Double]) {
    let size = x.shape[axis...].reduce(1, *)
    let rows = size == 0 ? 0 : x.count / size
    var values = x.doubles()
    var (means, factors): ([Double], [Double]) = ([], [])
    for row in 0..<rows {
      let range = (row * size)..<((row + 1) * size)
      let mean: Double
      let square: Double
      if isCentred {
        let moments = Moments(values[range])
        (mean, square) = (moments.mean, moments.variance)
      } else {
        (mean, square) = (0, values[range].reduce(0) { $0 + $1 * $1 } / Double(size))
      }
      let factor = 1 / (square + epsilon).squareRoot()
      for index in range { values[index] = (values[index] - mean) * factor }
      means.append(mean)
      factors.append(factor)
    }
    var y = Tensor(shape: x.shape, values)
    // One number for each element of a row, or whatever stretches over the whole.
    y = try Times.run(y, try scale.requireFloat("Scale").converted(to: .f64).expanded(to: x.shape))
    if let bias { y = try Plus.run(y, try bias.requireFloat("B").converted(to: .f64).expanded(to: x.shape)) }
    return (y.converted(to: x.dtype), means, factors)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(LayerNormalization.ops, $0) }
