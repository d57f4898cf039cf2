import Language
import Tensors

/// ONNX Unique (11 to 28): the different elements, or slices along an axis, sorted or in order of first appearance; with the
/// place of the first, the place of each in the result, and how many there are. Each NaN is an element of its own.
enum Unique {
  static let op = OnnxOperator.make(
    "Unique", "The different elements or slices.", "X", "Y indices? inverse_indices? counts?",
    [.attribute("axis", nil), .flag("sorted", 1)], infer: Inference.elements(of: "X", .i64, .i64, .i64)
  ) { call throws(Fault) in
    let x = try call.tensor("X")
    let wide = x.widened()
    switch x.dtype.arithmetic {
    case .real: return try run(call, x, wide, Double.self)
    case .signed: return try run(call, x, wide, Int64.self)
    case .unsigned: return try run(call, x, wide, UInt64.self)
    }
  }

  private static func run<T: Number>(
    _ call: HostCall, _ x: Tensor, _ wide: Tensor, _ type: T.Type
  ) throws(Fault) -> [Tensor?] {
    let axis = try call.int("axis").map { axis throws(Fault) in try Axes.resolved(axis, rank: x.rank) }
    if axis != nil, x.rank == 0 { throw .rank("X", [], "at least one axis") }
    let (outer, extent, inner) = axis.map { Extents.around($0, x.shape) } ?? (1, x.count, 1)
    let values = wide.elements(T.self)
    // Whether slice a comes before slice b in the order of their elements.
    func compare(_ a: Int, _ b: Int) -> Int {
      for row in 0..<outer {
        for column in 0..<inner {
          let (first, second) = (
            values[(row * extent + a) * inner + column], values[(row * extent + b) * inner + column]
          )
          if first < second || second.isNaN && !first.isNaN { return -1 }
          if second < first || first.isNaN { return 1 }
        }
      }
      return 0
    }
    let order = (0..<extent).sorted { a, b in
      let relation = compare(a, b)
      return relation < 0 || relation == 0 && a < b
    }
    // Slices that are equal stand together; the first of each group is the earliest.
    var groups: [[Int]] = []
    for slice in order {
      if let last = groups.last, compare(last[0], slice) == 0 {
        groups[groups.count - 1].append(slice)
      } else {
        groups.append([slice])
      }
    }
    if !call.flag("sorted") { groups.sort { $0[0] < $1[0] } }
    var inverse = Array(repeating: Int64(0), count: extent)
    for (place, group) in groups.enumerated() { for slice in group { inverse[slice] = Int64(place) } }
    let firsts = groups.map { $0[0] }
    let gathered =
      if let axis {
        try AxisGather(x, x.shape.indices.map { $0 == axis ? firsts : Array(0..<x.shape[$0]) }).dense()
      } else {
        try AxisGather(x.reshaped([x.count]), [firsts]).dense()
      }
    return [
      gathered, Tensor(shape: [groups.count], firsts.map { Int64($0) }), Tensor(shape: [extent], inverse),
      Tensor(shape: [groups.count], groups.map { Int64($0.count) }),
    ]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Unique.op, $0) }
