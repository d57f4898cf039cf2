import Language
import Tensors

/// Resize (ONNX operator set 10, 11, 13, 18, 19) and Upsample (7, 9) of the last two of four dimensions, in the
/// conventions that `tensor.resize` has.
enum OnnxResizeRule {
  static let rule = OnnxRule("Resize", "Upsample") { node throws(Fault) in
    node.ignore("cubic_coeff_a", "extrapolation_value", "exclude_outside", "roi")
    guard let data = node.input(0), data.isFloat32, let shape = data.type.shape, shape.count == 4,
      let (mode, convention) = try convention(node), let size = try size(node)
    else { return nil }
    switch size {
    case .factors(let factors):
      guard factors.count == 4, factors[0] == 1, factors[1] == 1 else { return nil }
      // Nearest by a whole factor repeats each element, whatever the coordinates.
      return [
        try node.emit(
          "tensor.resize", [data],
          ["mode": .string(mode), "convention": .string(convention), "scale": .array(factors[2...].map { .float($0) })])
      ]
    case .extents(let extents):
      guard extents.count == 4, extents[0] == shape[0], extents[1] == shape[1] else { return nil }
      let settings: [String: Literal] = ["mode": .string(mode), "convention": .string(convention)]
      let fixed = extents[2...].compactMap(\.value)
      if fixed.count == 2 {
        return [try node.emit("tensor.resize", [data], settings.merging(["size": .ints(fixed)]) { $1 })]
      }
      guard let sized = OnnxExtents.express(Array(extents[2...]), of: data, node.scope) else { return nil }
      return try node.emit(
        "tensor.resize_to", ports: [[data], sized.operands],
        settings.merging(["size": .array(sized.texts.map { .string($0) })]) { $1 })
    }
  }

  private enum Size {
    case factors([Double])
    case extents([Dim])
  }

  private static func size(_ node: OnnxNode) throws(Fault) -> Size? {
    if node.operatorName == "Upsample", node.opset < 9 {
      return try node.floats("scales").map { .factors($0) }
    }
    let isLong = node.operatorName == "Resize" && node.opset >= 11
    guard try node.ints("axes") == nil, try node.string("keep_aspect_ratio_policy") ?? "stretch" == "stretch" else {
      return nil
    }
    if isLong, node.input(3) != nil { return try node.dims(3).map { .extents($0) } }
    guard let scales = node.input(isLong ? 2 : 1) else { return nil }
    if scales.isConstant, let tensor = try scales.tensor(), tensor.count == 4 {
      return .factors(tensor.converted(to: .f64).elements(Double.self))
    }
    // Factors found by dividing extents: whole ones only.
    guard let values = try scales.contents()?.values else { return nil }
    return .factors(values.map { Double($0) })
  }

  /// The words of `tensor.resize`; nil where it has none.
  private static func convention(_ node: OnnxNode) throws(Fault) -> (mode: String, convention: String)? {
    let mode = try node.string("mode") ?? "nearest"
    let isOld = node.operatorName == "Upsample" || node.opset < 11
    let coordinates = try node.string("coordinate_transformation_mode") ?? (isOld ? "asymmetric" : "half_pixel")
    let rounding = try node.string("nearest_mode") ?? (isOld ? "floor" : "round_prefer_floor")
    if try node.int("antialias") ?? 0 != 0 { return nil }
    switch (mode, coordinates) {
    case ("nearest", "asymmetric") where rounding == "floor": return ("nearest", "asymmetric")
    case ("nearest", "align_corners") where rounding == "round_prefer_floor": return ("nearest", "align_corners")
    case ("linear", "asymmetric"): return ("bilinear", "asymmetric")
    case ("linear", "align_corners"): return ("bilinear", "align_corners")
    case ("linear", "half_pixel"): return ("bilinear", "torch_half_pixel")
    case ("cubic", _) where try node.float("cubic_coeff_a") ?? -0.75 == -0.75:
      if try node.int("exclude_outside") ?? 0 != 0 { return nil }
      switch coordinates {
      case "asymmetric": return ("bicubic", "asymmetric")
      case "align_corners": return ("bicubic", "align_corners")
      case "half_pixel": return ("bicubic", "torch_half_pixel")
      default: return nil
      }
    default: return nil
    }
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxResizeRule.rule, $0) }
