import Language
import Tensors

/// Reshape (ONNX operator set 5, 13, 14 and later) and Flatten (1, 9, 11, 13 and later) of float32.
enum OnnxReshapeRule {
  static let reshape = OnnxRule("Reshape") { node throws(Fault) in
    let keepsZero = try node.int("allowzero") ?? 0 != 0
    guard let data = node.input(0), let target = try node.input(1)?.contents(), target.shape.count == 1 else {
      return nil
    }
    let shape = data.type.shape
    var dims: [Dim?] = []
    for (axis, dim) in target.dims.enumerated() {
      guard let dim else { return nil }
      if dim == Dim(-1) {
        dims.append(nil)
      } else if dim == 0, !keepsZero {
        guard let shape, axis < shape.count else { return nil }
        dims.append(shape[axis])
      } else {
        dims.append(dim)
      }
    }
    guard dims.filter({ $0 == nil }).count <= 1 else { return nil }
    if let extents = try data.contents() {
      let known = dims.compactMap { $0?.value }
      guard known.count == dims.compactMap({ $0 }).count else { return nil }
      let product = known.reduce(1, *)
      let result = dims.map { $0?.value ?? (product == 0 ? 0 : extents.dims.count / product) }
      if result.reduce(1, *) == extents.dims.count {
        return node.folded(OnnxContents(extents.dtype, shape: result, extents.dims))
      }
    }
    guard data.isFloat32 else { return nil }
    return try OnnxReshape.reshaped(node, data, to: dims).map { [$0] }
  }

  static let flatten = OnnxRule("Flatten") { node throws(Fault) in
    let given = try node.int("axis") ?? 1
    guard let data = node.input(0), data.isFloat32, let shape = data.type.shape else { return nil }
    let axis = given < 0 ? given + shape.count : given
    guard (0...shape.count).contains(axis) else { return nil }
    let front = shape[..<axis].reduce(1, *)
    return try OnnxReshape.reshaped(node, data, to: [front, front.value == 0 ? shape[axis...].reduce(1, *) : nil]).map {
      [$0]
    }
  }
}

/// Shapes with symbols in them.
enum OnnxReshape {
  /// The tensor under another shape, of which one extent may be whatever is left over (nil); nil where an extent
  /// cannot be said in terms of what is known when the graph runs.
  static func reshaped(_ node: OnnxNode, _ data: OnnxValue, to dims: [Dim?]) throws(Fault) -> OnnxValue? {
    if let same = data.type.shape, same.count == dims.count, zip(same, dims).allSatisfy({ $0 == $1 && $0.value != nil })
    {
      return data
    }
    let fixed = dims.map { $0 == nil ? -1 : $0!.value }
    if fixed.allSatisfy({ $0 != nil }) {
      return try node.emit("tensor.reshape", [data], ["shape": .ints(fixed.compactMap { $0 })])
    }
    var dims = dims
    // One extent alone may stay open; of several symbols, those after the first are said.
    let symbolic = dims.indices.filter { dims[$0]?.value == nil }
    if symbolic.count == 1 {
      dims[symbolic[0]] = nil
      return try node.emit(
        "tensor.reshape", [data], ["shape": .ints(dims.map { $0?.value ?? -1 })])
    }
    guard let sized = OnnxExtents.express(dims, of: data, node.scope) else { return nil }
    return try node.emit(
      "tensor.reshape_to", ports: [[data], sized.operands], ["shape": .array(sized.texts.map { .string($0) })])[0]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxReshapeRule.reshape, $0) }
@used @section("weft_onnx") private let flattenEntry: OnnxEntry = { OnnxRules.collect(OnnxReshapeRule.flatten, $0) }
