import Language
import Tensors

/// `tensor.resize` in those of its conventions that ONNX has.
enum OnnxExportResize {
  static let rules: [String: OnnxExporter.Rule] = ["tensor.resize": resize]

  private static func resize(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    let (mode, convention) = (use.attributes.string("mode"), use.attributes.string("convention"))
    let attributes: KeyValuePairs<String, OnnxSheet.Attribute>
    let isEven = zip(use.shape, use.resultShape).allSatisfy { $1 % max(1, $0) == 0 }
    switch (mode, convention) {
    case ("nearest", "asymmetric"),
      ("nearest", _) where isEven:
      // Enlarged by whole factors, every convention repeats each element.
      attributes = nearest("asymmetric", "floor")
    case ("nearest", "align_corners"): attributes = nearest("align_corners", "round_prefer_floor")
    case ("bilinear", "torch_half_pixel"), ("bilinear", "opencv"): attributes = smooth("linear", "half_pixel")
    case ("bilinear", "asymmetric"): attributes = smooth("linear", "asymmetric")
    case ("bilinear", "align_corners"): attributes = smooth("linear", "align_corners")
    case ("bilinear", "pillow"): return widened(use, &sheet)
    case ("bicubic", "torch_half_pixel"): attributes = smooth("cubic", "half_pixel")
    case ("bicubic", "align_corners"): attributes = smooth("cubic", "align_corners")
    default: throw use.unsupported("\(mode) in the convention of \(convention)")
    }
    return sheet.node("Resize", [use.x, "", "", sheet.ints(use.resultShape)], attributes, to: use.label)
  }

  private static func nearest(_ coordinates: String, _ rounding: String) -> KeyValuePairs<String, OnnxSheet.Attribute> {
    [
      "mode": .text("nearest"), "coordinate_transformation_mode": .text(coordinates), "nearest_mode": .text(rounding),
    ]
  }

  private static func smooth(_ mode: String, _ coordinates: String) -> KeyValuePairs<String, OnnxSheet.Attribute> {
    [
      "mode": .text(mode), "coordinate_transformation_mode": .text(coordinates), "cubic_coeff_a": .float(-0.75),
    ]
  }

  /// Bilinear with a filter that widens when shrinking, as products with constant matrices: ONNX's own form of it
  /// (antialias) is rounded differently by runtimes.
  private static func widened(_ use: OnnxUse, _ sheet: inout OnnxSheet) -> String {
    let axis = use.shape.count - 2
    var value = use.x
    if use.shape[axis] != use.resultShape[axis] {
      let rows = sheet.constant(matrix(use.shape[axis], use.resultShape[axis]), "\(use.label)/rows")
      value = sheet.node("MatMul", [rows, value], to: "\(use.label)/shrunk")
    }
    guard use.shape[axis + 1] != use.resultShape[axis + 1] else {
      return sheet.node("Identity", [value], to: use.label)
    }
    let weights = sheet.constant(matrix(use.shape[axis + 1], use.resultShape[axis + 1]), "\(use.label)/columns")
    let columns = sheet.node("Transpose", [weights], ["perm": .ints([1, 0])], to: "\(use.label)/turned")
    return sheet.node("MatMul", [value, columns], to: use.label)
  }

  /// [output, input] weights of Pillow's triangle filter (libImaging/Resample.c, precompute_coeffs).
  private static func matrix(_ input: Int, _ output: Int) -> Tensor {
    let scale = Double(input) / Double(output)
    let reach = max(1, scale)
    return Tensor(Float.self, shape: [output, input]) { memory in
      for row in 0..<output {
        let centre = (Double(row) + 0.5) * scale
        let first = max(0, Int(centre - reach + 0.5))
        let end = min(input, Int(centre + reach + 0.5))
        let weights = (first..<end).map { max(0, 1 - abs((Double($0) + 0.5 - centre) / reach)) }
        let sum = weights.reduce(0, +)
        for column in 0..<input {
          memory[row * input + column] =
            (first..<end).contains(column) ? Float(weights[column - first] / sum) : 0
        }
      }
    }
  }
}
