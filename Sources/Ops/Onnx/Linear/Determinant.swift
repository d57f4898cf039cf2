import Language
import Tensors

/// ONNX Det (11 to 22): the determinants of the square matrices in the last two axes, by elimination with the largest pivot.
enum Determinant {
  static let op = OnnxOperator.make(
    "Det", "The determinants of matrices.", "X", "Y",
    infer: { facts throws(Fault) in
      let x = facts.tensor("X")
      return [Inference.tensor(x.dtype, x.shape.map { Array($0.dropLast(2)) })]
    }
  ) { call throws(Fault) in
    let x = try call.tensor("X").requireFloat("X")
    guard x.rank >= 2, x.shape[x.rank - 1] == x.shape[x.rank - 2] else { throw .rank("X", x.shape, "square matrices") }
    let size = x.shape[x.rank - 1]
    let shape = Array(x.shape.dropLast(2))
    let values = x.doubles()
    let results = (0..<shape.reduce(1, *)).map { matrix in
      determinant(Array(values[(matrix * size * size)..<((matrix + 1) * size * size)]), size)
    }
    return [.rounding(results, shape, to: x.dtype)]
  }

  private static func determinant(_ values: [Double], _ size: Int) -> Double {
    var (a, result) = (values, 1.0)
    for column in 0..<size {
      let pivot = (column..<size).max { a[$0 * size + column].magnitude < a[$1 * size + column].magnitude } ?? column
      if a[pivot * size + column] == 0 { return 0 }
      if pivot != column {
        for place in 0..<size { a.swapAt(pivot * size + place, column * size + place) }
        result = -result
      }
      result *= a[column * size + column]
      for row in (column + 1)..<max(size, column + 1) {
        let factor = a[row * size + column] / a[column * size + column]
        for place in column..<size { a[row * size + place] -= factor * a[column * size + place] }
      }
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Determinant.op, $0) }
