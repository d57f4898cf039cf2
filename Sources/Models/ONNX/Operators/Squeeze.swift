import Language
import Tensors

/// Unsqueeze and Squeeze (ONNX operator set 1, 11 with attributes; 13 with inputs).
enum OnnxSqueezeRule {
  static let unsqueeze = OnnxRule("Unsqueeze") { node throws(Fault) in
    guard let data = node.input(0), let axes = try node.opset < 13 ? node.ints("axes") : node.ints(1) else {
      return nil
    }
    if let extents = try data.contents(), extents.shape.count + axes.count <= 8 {
      guard let places = OnnxAxes.resolve(axes, extents.shape.count + axes.count) else { return nil }
      var shape = extents.shape
      for place in places.sorted() { shape.insert(1, at: place) }
      return node.folded(OnnxContents(extents.dtype, shape: shape, extents.dims))
    }
    guard data.isFloat32, let shape = data.type.shape, let places = OnnxAxes.resolve(axes, shape.count + axes.count)
    else { return nil }
    var result = shape
    for place in places.sorted() { result.insert(1, at: place) }
    return try OnnxReshape.reshaped(node, data, to: result).map { [$0] }
  }

  static let squeeze = OnnxRule("Squeeze") { node throws(Fault) in
    guard let data = node.input(0), let shape = data.type.shape else { return nil }
    var axes = try node.opset < 13 ? node.ints("axes") : node.ints(1)
    if node.opset >= 13, node.input(1) != nil, axes == nil { return nil }
    if axes == nil {
      // Which extents are 1 must be known of all of them.
      guard shape.allSatisfy({ $0.value != nil }) else { return nil }
      axes = shape.indices.filter { shape[$0] == 1 }
    }
    guard let places = OnnxAxes.resolve(axes!, shape.count) else { return nil }
    let result = shape.indices.filter { !places.contains($0) }.map { shape[$0] }
    if let extents = try data.contents(), places.allSatisfy({ extents.shape[$0] == 1 }) {
      return node.folded(OnnxContents(extents.dtype, shape: result.compactMap(\.value), extents.dims))
    }
    guard data.isFloat32, places.allSatisfy({ shape[$0].value == 1 }) else { return nil }
    return try OnnxReshape.reshaped(node, data, to: result).map { [$0] }
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxSqueezeRule.unsqueeze, $0) }
@used @section("weft_onnx") private let squeezeEntry: OnnxEntry = { OnnxRules.collect(OnnxSqueezeRule.squeeze, $0) }
