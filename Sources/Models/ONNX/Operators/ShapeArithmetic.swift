import Language
import Tensors

/// Arithmetic on extents, carried out during import with symbols for what is not known.
enum OnnxShapeArithmetic {
  /// Add, Sub, Mul, Div, Max and Min of two tensors of extents.
  static func binary(_ node: OnnxNode) throws(Fault) -> [OnnxValue]? {
    guard node.inputs.count == 2, let a = try node.input(0)?.contents(), let b = try node.input(1)?.contents(),
      a.dtype == b.dtype
    else { return nil }
    // Numbers of the file alone are computed by the operator itself.
    if a.values != nil, b.values != nil, a.dtype.isFloat { return nil }
    return try combined(node, a, b, dtype: a.dtype) { x, y in
      switch node.operatorName {
      case "Add", "Sum": x + y
      case "Sub": x - y
      case "Mul": x * y
      case "Div": quotient(x, y, isFloat: a.dtype.isFloat)
      case "Max": extremum(x, y) { max($0, $1) }
      case "Min": extremum(x, y) { min($0, $1) }
      default: nil
      }
    }
  }

  /// Two tensors of extents with broadcasting: equal shapes, or one of a single element.
  static func combined(
    _ node: OnnxNode, _ a: OnnxContents, _ b: OnnxContents, dtype: DType, _ function: (Dim, Dim) -> Dim?
  ) throws(Fault) -> [OnnxValue]? {
    guard a.shape == b.shape || a.dims.count == 1 || b.dims.count == 1, !a.dims.isEmpty, !b.dims.isEmpty else {
      return nil
    }
    let count = max(a.dims.count, b.dims.count)
    let shape =
      a.shape.count > b.shape.count || (a.shape.count == b.shape.count && a.dims.count >= b.dims.count)
      ? a.shape : b.shape
    guard shape.reduce(1, *) == count else { return nil }
    let dims = (0..<count).map { index -> Dim? in
      guard let x = a.dims[a.dims.count == 1 ? 0 : index], let y = b.dims[b.dims.count == 1 ? 0 : index] else {
        return nil
      }
      return function(x, y)
    }
    return node.folded(OnnxContents(dtype, shape: shape, dims))
  }

  /// Floor, Ceil, Round, Abs and Neg of whole numbers.
  static func rounded(_ node: OnnxNode) throws(Fault) -> [OnnxValue]? {
    guard let x = try node.input(0)?.contents(), x.values == nil else { return nil }
    switch node.operatorName {
    case "Floor", "Ceil", "Round": return node.folded(x)
    case "Neg": return node.folded(OnnxContents(x.dtype, shape: x.shape, x.dims.map { $0.map { Dim(0) - $0 } }))
    default: return nil
    }
  }

  /// Integers are divided towards zero, which for extents is down; other numbers only where nothing is left over.
  private static func quotient(_ x: Dim, _ y: Dim, isFloat: Bool) -> Dim? {
    guard let divisor = y.value, divisor > 0 else { return nil }
    if let x = x.value { return isFloat && x % divisor != 0 ? nil : Dim(x / divisor) }
    return isFloat ? x.divided(exactlyBy: y) : x / divisor
  }

  private static func extremum(_ x: Dim, _ y: Dim, _ choose: (Int, Int) -> Int) -> Dim? {
    if x == y { return x }
    guard let a = x.value, let b = y.value else { return nil }
    return Dim(choose(a, b))
  }
}

extension OnnxNode {
  /// The one result, known in advance; the operator itself computes it where it is needed as a tensor with symbols.
  func folded(_ contents: OnnxContents) -> [OnnxValue] {
    let value = OnnxValue(contents) { [self] () throws(Fault) in
      if let tensor = contents.tensor { return importer.constant(tensor) }
      let op = try assembly.registry.op(eagerName)
      return try eager(op)[0].value()
    }
    return [value]
  }
}
