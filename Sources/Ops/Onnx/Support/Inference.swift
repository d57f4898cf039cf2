import Language
import Tensors

/// Shape rules that many operators share.
enum Inference {
  static func tensor(_ dtype: DType?, _ shape: [Dim]? = nil) -> ValueType {
    .tensor(TensorType(dtype: dtype, shape: shape))
  }

  /// `rank` extents of which nothing is known.
  static func unknown(rank: Int) -> [Dim] { Array(repeating: .unknown, count: rank) }

  /// Element type and shape of an input, or another element type.
  static func like(_ port: String, _ dtype: DType? = nil, count: Int = 1) -> Op.Inference {
    { facts throws(Fault) in
      let type = facts.tensor(port)
      return Array(repeating: tensor(dtype ?? type.dtype, type.shape), count: count)
    }
  }

  /// The element type of an input; nothing is said of the shape.
  static func elements(of port: String, _ more: DType?...) -> Op.Inference {
    { facts throws(Fault) in [tensor(facts.tensor(port).dtype)] + more.map { tensor($0) } }
  }

  /// These element types, one per output; nothing is said of shapes.
  static func types(_ dtypes: DType?..., rank: Int? = nil) -> Op.Inference {
    { _ throws(Fault) in dtypes.map { tensor($0, rank.map(unknown)) } }
  }

  /// Inputs stretched over one another. The element type is that of the last one, unless given.
  static func broadcast(_ ports: String..., to dtype: DType? = nil) -> Op.Inference {
    { facts throws(Fault) in
      let types = ports.flatMap { facts.types($0) }.map { $0.tensor ?? TensorType(dtype: nil, shape: nil) }
      guard let last = types.last else { return [tensor(dtype)] }
      var shape: [Dim]? = types[0].shape
      for type in types.dropFirst() {
        guard let a = shape, let b = type.shape else { return [tensor(dtype ?? last.dtype)] }
        shape = try broadcast(a, b)
      }
      return [tensor(dtype ?? last.dtype, shape)]
    }
  }

  static func broadcast(_ a: [Dim], _ b: [Dim]) throws(Fault) -> [Dim] {
    let rank = max(a.count, b.count)
    var result: [Dim] = []
    for axis in 0..<rank {
      let first = axis < rank - a.count ? Dim(1) : a[axis - (rank - a.count)]
      let second = axis < rank - b.count ? Dim(1) : b[axis - (rank - b.count)]
      switch (first.value, second.value) {
      case (1?, _): result.append(second)
      case (_, 1?): result.append(first)
      case (.some, .some) where first != second:
        throw .shape("[\(text(a))] and [\(text(b))] cannot be broadcast together")
      case (.some, _): result.append(first)
      case (_, .some): result.append(second)
      default: result.append(first == second ? first : .unknown)
      }
    }
    return result
  }

  private static func text(_ shape: [Dim]) -> String { shape.map(\.description).joined(separator: ",") }
}
