import Language
import Tensors

/// Few integers known before the run: extents, and what is computed of them. Symbols stand for extents of inputs.
struct OnnxContents {
  /// Of the tensor that holds them; a float type only where every number is whole.
  let dtype: DType
  /// Empty for a scalar.
  let shape: [Int]
  /// nil: not known.
  let dims: [Dim?]

  /// Longer tensors are no shapes.
  static let maximumCount = 256

  static func fits(_ shape: [Int]) -> Bool {
    shape.reduce(1) { $0 > maximumCount ? $0 : $0 * $1 } <= maximumCount
  }

  /// Extents of which nothing is known, or whose expression would be too long to keep, are none.
  init(_ dtype: DType, shape: [Int], _ dims: [Dim?]) {
    self.dtype = dtype
    self.shape = shape
    self.dims = dims.map { dim in dim.flatMap { $0.symbols.contains { $0.hasPrefix("?") } ? nil : $0 } }
  }

  /// A list of extents.
  init(extents: [Dim?]) { self.init(.i64, shape: [extents.count], extents) }

  /// nil where the tensor holds other numbers than whole ones.
  init?(_ tensor: Tensor) {
    var dims: [Dim] = []
    switch tensor.dtype {
    case .i64: dims = tensor.elements(Int64.self).map { Dim(Int($0)) }
    case .bool: dims = tensor.bytes.map { Dim(Int($0)) }
    default:
      let wide = tensor.converted(to: .f64).elements(Double.self)
      guard wide.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e15 }) else { return nil }
      dims = wide.map { Dim(Int($0)) }
    }
    self.init(tensor.dtype, shape: tensor.shape, dims)
  }

  /// All of them, when all are known.
  var all: [Dim]? {
    let known = dims.compactMap { $0 }
    return known.count == dims.count ? known : nil
  }

  /// The numbers, when no symbol is among them.
  var values: [Int]? {
    let values = dims.compactMap { $0?.value }
    return values.count == dims.count ? values : nil
  }

  /// As a tensor, when no symbol is among them.
  var tensor: Tensor? {
    guard let values else { return nil }
    let tensor = Tensor(shape: shape, values.map { Int64($0) })
    return dtype == .i64 ? tensor : tensor.converted(to: dtype)
  }
}
