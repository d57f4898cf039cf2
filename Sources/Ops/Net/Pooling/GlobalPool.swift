import Language
import Tensors

/// What pools over whole planes share.
enum GlobalPool {
  static let params: [Param] = [
    Param("keep_dims", .bool, default: .bool(true), "keep the spatial axes with extent 1")
  ]

  static func infer(_ facts: Facts) throws(Fault) -> [ValueType] {
    guard let x = try Shapes.extents(facts, "x", atLeast: 3) else { return [.f32(nil)] }
    guard facts.attributes.bool("keep_dims") else { return [.f32(Array(x[..<2]))] }
    return [facts.tensor("x").reshaped(x[..<2] + Array(repeating: 1, count: x.count - 2))]
  }

  /// The planes and the elements of each.
  static func sizes(_ shape: [Int]) -> (planes: Int, area: Int) {
    (shape[..<2].reduce(1, *), shape[2...].reduce(1, *))
  }
}
