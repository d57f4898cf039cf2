import Language
import Tensors

/// ONNX ArgMax and ArgMin (1 to 13): the place of the extreme element along an axis, the first (or last) of equal ones; the
/// first NaN wins over everything, as in NumPy.
enum ArgExtremum {
  static let ops = [make("ArgMax", "largest", isMax: true), make("ArgMin", "smallest", isMax: false)]

  private static func make(_ name: String, _ word: String, isMax: Bool) -> Op {
    OnnxOperator.make(
      name, "The place of the \(word) element along an axis.", "data", "reduced",
      [.attribute("axis", 0), .flag("keepdims", 1), .flag("select_last_index")],
      infer: { facts throws(Fault) in
        guard var shape = facts.tensor("data").shape else { return [Inference.tensor(.i64)] }
        let axis = try Axes.resolved(facts.attributes.int("axis"), rank: shape.count)
        if facts.attributes.int("keepdims") != 0 { shape[axis] = 1 } else { shape.remove(at: axis) }
        return [Inference.tensor(.i64, shape)]
      }
    ) { call throws(Fault) in
      let x = try call.tensor("data")
      guard x.rank > 0 else { throw .rank("data", [], "at least one axis") }
      let axis = try Axes.resolved(call.attributes.int("axis"), rank: x.rank)
      guard x.shape[axis] > 0 else { throw .rank("data", x.shape, "something along axis \(axis)") }
      var shape = x.shape
      if call.flag("keepdims") { shape[axis] = 1 } else { shape.remove(at: axis) }
      let (wide, isLast) = (x.widened(), call.flag("select_last_index"))
      let places =
        switch x.dtype.arithmetic {
        case .real: run(wide, axis, isMax, isLast, Double.self)
        case .signed: run(wide, axis, isMax, isLast, Int64.self)
        case .unsigned: run(wide, axis, isMax, isLast, UInt64.self)
        }
      return [Tensor(shape: shape, places)]
    }
  }

  private static func run<T: Number>(
    _ x: Tensor, _ axis: Int, _ isMax: Bool, _ isLast: Bool, _ type: T.Type
  ) -> [Int64] {
    let (outer, extent, inner) = Extents.around(axis, x.shape)
    var places: [Int64] = []
    places.reserveCapacity(outer * inner)
    x.withElements(T.self) { values in
      for row in 0..<outer {
        for column in 0..<inner {
          var (best, value) = (0, values[row * extent * inner + column])
          for place in 1..<max(1, extent) where !value.isNaN {
            let other = values[(row * extent + place) * inner + column]
            let isBetter = isMax ? other > value : other < value
            if isBetter || other.isNaN || isLast && other == value { (best, value) = (place, other) }
          }
          places.append(Int64(best))
        }
      }
    }
    return places
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(ArgExtremum.ops, $0) }
