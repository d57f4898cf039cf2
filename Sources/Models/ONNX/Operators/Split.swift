import Language
import Tensors

/// Split (ONNX operator set 2, 11 with attributes; 13, 18 with inputs) of float32 along an axis of known extent, and of
/// extents.
enum OnnxSplitRule {
  static let rule = OnnxRule("Split") { node throws(Fault) in
    node.ignore("num_outputs")
    guard let data = node.input(0), let shape = data.type.shape,
      let axis = OnnxAxes.resolve(try node.int("axis") ?? 0, shape.count), let extent = shape[axis].value
    else { return nil }
    let count = node.proto.outputs.count
    var sizes = try node.ints("split")
    if node.input(1) != nil {
      guard let given = try node.ints(1) else { return nil }
      sizes = given
    }
    // Equal parts; of an uneven extent the last part is smaller.
    let part = (extent + count - 1) / max(1, count)
    let parts = sizes ?? (0..<count).map { max(0, min(part, extent - $0 * part)) }
    guard parts.count == count, parts.reduce(0, +) == extent, parts.allSatisfy({ $0 >= 0 }) else { return nil }
    var results: [OnnxValue] = []
    var begin = 0
    let extents = try data.contents()
    for size in parts {
      if let extents, extents.shape.count == 1 {
        let dims = Array(extents.dims[begin..<begin + size])
        guard let tensor = OnnxContents(extents.dtype, shape: [size], dims).tensor else { return nil }
        results.append(node.constant(tensor))
      } else {
        guard data.isFloat32 else { return nil }
        results.append(
          try node.emit(
            "tensor.slice", [data],
            ["axes": .ints([axis]), "begin": .ints([begin]), "end": .ints([begin + size])]))
      }
      begin += size
    }
    return results
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxSplitRule.rule, $0) }
