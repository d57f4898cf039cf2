import Language
import Tensors

/// Concat (ONNX operator set 4, 11, 13).
enum OnnxConcatRule {
  static let rule = OnnxRule("Concat") { node throws(Fault) in
    guard let axis = try node.int("axis") else { return nil }
    let values = node.inputs.compactMap { $0 }
    guard !values.isEmpty, values.count == node.inputs.count else { return nil }
    var parts: [OnnxContents] = []
    for value in values {
      guard let part = try value.contents(), part.shape.count == 1, part.dtype == values[0].type.dtype else { break }
      parts.append(part)
    }
    if parts.count == values.count, axis == 0 || axis == -1 {
      let dims = parts.flatMap(\.dims)
      if dims.count <= OnnxContents.maximumCount {
        return node.folded(OnnxContents(parts[0].dtype, shape: [dims.count], dims))
      }
    }
    guard node.isFloat32 else { return nil }
    if values.count == 1 { return [values[0]] }
    return try node.emit("tensor.concat", ports: [values], ["axis": .int(axis)])
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxConcatRule.rule, $0) }
