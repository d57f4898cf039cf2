import Language
import Tensors

/// ONNX TopK (1 to 24): the k largest or smallest elements along an axis and their places; of equal ones the earlier comes
/// first. NaN counts as larger than everything, as in NumPy. k is an attribute before version 10.
enum TopK {
  static let op = OnnxOperator.make(
    "TopK", "The k largest or smallest elements along an axis.", "X K?", "Values Indices",
    [.attribute("k", nil), .attribute("axis", -1), .flag("largest", 1), .flag("sorted", 1)],
    infer: { facts throws(Fault) in
      let x = facts.tensor("X")
      let shape = x.shape.map { Inference.unknown(rank: $0.count) }
      return [Inference.tensor(x.dtype, shape), Inference.tensor(.i64, shape)]
    }
  ) { call throws(Fault) in
    let x = try call.tensor("X")
    guard let k = try call.integer(at: "K") ?? call.int("k") else { throw .noTensor("K") }
    guard x.rank > 0 else { throw .rank("X", [], "at least one axis") }
    let axis = try Axes.resolved(call.attributes.int("axis"), rank: x.rank)
    guard (0...x.shape[axis]).contains(k) else { throw .index(k, x.shape[axis]) }
    let wide = x.widened()
    switch x.dtype.arithmetic {
    case .real: return try run(x, wide, axis, k, call.flag("largest"), Double.self)
    case .signed: return try run(x, wide, axis, k, call.flag("largest"), Int64.self)
    case .unsigned: return try run(x, wide, axis, k, call.flag("largest"), UInt64.self)
    }
  }

  private static func run<T: Number>(
    _ x: Tensor, _ wide: Tensor, _ axis: Int, _ k: Int, _ isLargest: Bool, _ type: T.Type
  ) throws(Fault) -> [Tensor?] {
    let (outer, extent, inner) = Extents.around(axis, x.shape)
    var shape = x.shape
    shape[axis] = k
    let values = wide.elements(T.self)
    let result = try Assembly(dtype: x.dtype, shape: shape)
    var places = Array(repeating: Int64(0), count: outer * k * inner)
    func before(_ a: T, _ b: T) -> Bool { a < b || b.isNaN && !a.isNaN }
    for row in 0..<outer {
      for column in 0..<inner {
        func value(_ place: Int) -> T { values[(row * extent + place) * inner + column] }
        let order = (0..<extent).sorted { a, b in
          let (first, second) = (value(a), value(b))
          if isLargest ? before(second, first) : before(first, second) { return true }
          if isLargest ? before(first, second) : before(second, first) { return false }
          return a < b
        }
        for (rank, place) in order.prefix(k).enumerated() {
          let target = (row * k + rank) * inner + column
          result.copy(x, from: (row * extent + place) * inner + column, to: target)
          places[target] = Int64(place)
        }
      }
    }
    return [Tensor(dtype: x.dtype, shape: shape, buffer: result.buffer), Tensor(shape: shape, places)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TopK.op, $0) }
