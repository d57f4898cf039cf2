import Glibc
import Language
import Tensors

/// ONNX Softmax, LogSoftmax and Hardmax (1 to 13): along one axis since version 13, before that over all axes from `axis` on.
enum Softmax {
  static let ops = [
    make("Softmax", "Chances from scores.") { softmax($0, $1) },
    make("LogSoftmax", "Logarithms of chances.") { row, _ in logSoftmax(row) },
    make("Hardmax", "1 at the first largest element, 0 elsewhere.") { row, _ in
      let best = row.indices.dropFirst().reduce(0) { row[$1] > row[$0] ? $1 : $0 }
      return row.indices.map { $0 == best ? 1 : 0 }
    },
  ]

  private static func make(
    _ name: String, _ doc: String, _ function: @escaping @Sendable ([Double], DType) -> [Double]
  ) -> Op {
    OnnxOperator.make(
      name, doc, "input", "output", [.attribute("axis", nil)], infer: Inference.like("input")
    ) { call throws(Fault) in
      let x = try call.tensor("input").requireFloat("input")
      let axis = try Axes.resolved(call.int("axis") ?? (call.opset >= 13 ? -1 : 1), rank: x.rank)
      let values = x.doubles()
      var result = values
      if call.opset >= 13 || x.rank == 0 {
        let (outer, extent, inner) = Extents.around(axis, x.shape)
        for row in 0..<outer {
          for column in 0..<inner where extent > 0 {
            let start = row * extent * inner + column
            let changed = function((0..<extent).map { values[start + $0 * inner] }, x.dtype)
            for place in 0..<extent { result[start + place * inner] = changed[place] }
          }
        }
      } else {
        let size = x.shape[axis...].reduce(1, *)
        for row in 0..<(size == 0 ? 0 : x.count / size) {
          result.replaceSubrange(
            (row * size)..<((row + 1) * size), with: function(Array(values[(row * size)..<((row + 1) * size)]), x.dtype)
          )
        }
      }
      return [.rounding(result, x.shape, to: x.dtype)]
    }
  }

  /// The operator is a function over its type (maximum, difference, exponential, sum, quotient), so 16-bit floats are rounded
  /// after every step.
  static func softmax(_ row: [Double], _ step: DType) -> [Double] {
    let largest = row.max() ?? 0
    let powers = row.map { step.rounded(exp(step.rounded($0 - largest))) }
    let sum = sum(powers[...], step)
    return powers.map { step.rounded($0 / sum) }
  }

  /// As NumPy adds up: float16 in a wider type, bfloat16 in itself, pairwise so that long rows do not run aground.
  private static func sum(_ values: ArraySlice<Double>, _ step: DType) -> Double {
    guard step == .bf16 else { return step.rounded(values.reduce(0, +)) }
    if values.count <= 8 { return values.reduce(0) { step.rounded($0 + $1) } }
    let middle = values.startIndex + values.count / 2
    return step.rounded(sum(values[..<middle], step) + sum(values[middle...], step))
  }

  static func logSoftmax(_ row: [Double]) -> [Double] {
    let largest = row.max() ?? 0
    let sum = log(row.reduce(0) { $0 + exp($1 - largest) })
    return row.map { $0 - largest - sum }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Softmax.ops, $0) }
