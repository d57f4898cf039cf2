import Language
import Tensors

/// Expand (ONNX operator set 8, 13) of float32 to a shape known at import.
enum OnnxExpandRule {
  static let rule = OnnxRule("Expand") { node throws(Fault) in
    guard let data = node.input(0), data.isFloat32, let shape = data.type.shape, let wanted = try node.dims(1) else {
      return nil
    }
    // Both shapes broadcast: an extent of 1 on either side takes the other's.
    let rank = max(shape.count, wanted.count)
    var dims: [Dim?] = []
    for axis in 0..<rank {
      let own = axis < rank - shape.count ? Dim(1) : shape[axis - (rank - shape.count)]
      let other = axis < rank - wanted.count ? Dim(1) : wanted[axis - (rank - wanted.count)]
      if own == other || other == 1 {
        dims.append(own)
      } else if own == 1 {
        dims.append(other)
      } else {
        return nil
      }
    }
    if dims.count == shape.count, zip(dims, shape).allSatisfy({ $0 == $1 && $1.value != nil }) { return [data] }
    let fixed = dims.compactMap { $0?.value }
    if fixed.count == rank { return [try node.emit("tensor.expand", [data], ["shape": .ints(fixed)])] }
    guard let sized = OnnxExtents.express(dims, of: data, node.scope) else { return nil }
    return try node.emit(
      "tensor.expand_to", ports: [[data], sized.operands], ["shape": .array(sized.texts.map { .string($0) })])
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxExpandRule.rule, $0) }
