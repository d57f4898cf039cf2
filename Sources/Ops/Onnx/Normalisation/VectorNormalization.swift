import Language
import Tensors

/// ONNX LpNormalization (1 to 22), vectors along an axis divided by their 1- or 2-norm (0 stays 0), and MeanVarianceNormalization
/// (9 to 13), (x - mean) / (standard deviation + 1e-9) over axes.
enum VectorNormalization {
  static let ops = [
    OnnxOperator.make(
      "LpNormalization", "Vectors brought to length 1.", "input", "output",
      [.attribute("axis", -1), .attribute("p", 2, 1...2)], infer: Inference.like("input")
    ) { call throws(Fault) in
      let x = try call.tensor("input").requireFloat("input")
      let axis = try Axes.resolved(call.attributes.int("axis"), rank: x.rank)
      let p = Double(call.attributes.int("p"))
      return [
        try overRows(x, [axis]) { row in
          let norm = Pool.norm(row, p)
          return row.map { norm == 0 ? 0 : $0 / norm }
        }
      ]
    },
    OnnxOperator.make(
      "MeanVarianceNormalization", "Brought to mean 0 and variance 1 over axes.", "X", "Y",
      [Param("axes", .ints(.all, counts: []), default: .array([.int(0), .int(2), .int(3)]), "attribute of ONNX")],
      infer: Inference.like("X")
    ) { call throws(Fault) in
      let x = try call.tensor("X").requireFloat("X")
      return [
        try overRows(x, try Axes.resolved(call.attributes.ints("axes"), rank: x.rank)) { row in
          let moments = Moments(row)
          return row.map { ($0 - moments.mean) / (moments.variance.squareRoot() + 1e-9) }
        }
      ]
    },
  ]

  /// Replaces what lies along `axes` by a function of it.
  private static func overRows(
    _ x: Tensor, _ axes: [Int], _ function: (ArraySlice<Double>) -> [Double]
  ) throws(Fault) -> Tensor {
    let order = (0..<x.rank).filter { !axes.contains($0) } + axes
    let rows = try x.converted(to: .f64).transposed(order)
    let size = axes.reduce(1) { $0 * x.shape[$1] }
    let values = rows.elements(Double.self)
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for row in 0..<(size == 0 ? 0 : values.count / size) {
      result += function(values[(row * size)..<((row + 1) * size)])
    }
    var back = order
    for (place, axis) in order.enumerated() { back[axis] = place }
    return try Tensor(shape: rows.shape, result).transposed(back).converted(to: x.dtype)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(VectorNormalization.ops, $0) }
