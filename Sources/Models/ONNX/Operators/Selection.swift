import Language
import Tensors

/// Equal (ONNX operator set 7, 11, 13 and later), Where (9, 16) and Range (11 and later) of extents, as exporters write
/// them around Expand and Reshape.
enum OnnxSelectionRule {
  static let equal = OnnxRule("Equal") { node throws(Fault) in
    guard let a = try node.input(0)?.contents(), let b = try node.input(1)?.contents(), a.dtype == b.dtype else {
      return nil
    }
    return try OnnxShapeArithmetic.combined(node, a, b, dtype: .bool) { x, y in
      switch x.compare(y) {
      case .equal: Dim(1)
      case .different: Dim(0)
      case .unknown:
        // An extent is never negative.
        (x.value ?? 0) < 0 && isExtent(y) || (y.value ?? 0) < 0 && isExtent(x) ? Dim(0) : nil
      }
    }
  }

  private static func isExtent(_ dim: Dim) -> Bool { dim.soleSymbol != nil }

  static let choose = OnnxRule("Where") { node throws(Fault) in
    guard let mask = try node.input(0)?.contents(), let a = try node.input(1)?.contents(),
      let b = try node.input(2)?.contents(), mask.shape == a.shape, a.shape == b.shape, a.dtype == b.dtype
    else { return nil }
    let dims = mask.dims.indices.map { index -> Dim? in
      mask.dims[index]?.value.flatMap { $0 != 0 ? a.dims[index] : b.dims[index] }
    }
    return node.folded(OnnxContents(a.dtype, shape: a.shape, dims))
  }

  static let range = OnnxRule("Range") { node throws(Fault) in
    guard node.input(0)?.type.dtype == .i64, let start = try node.ints(0)?.first, let end = try node.ints(1)?.first,
      let step = try node.ints(2)?.first, step != 0
    else { return nil }
    let values = Array(stride(from: start, to: end, by: step).prefix(OnnxContents.maximumCount + 1))
    guard values.count <= OnnxContents.maximumCount else { return nil }
    return node.folded(OnnxContents(.i64, shape: [values.count], values.map { Dim($0) }))
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxSelectionRule.equal, $0) }
@used @section("weft_onnx") private let chooseEntry: OnnxEntry = { OnnxRules.collect(OnnxSelectionRule.choose, $0) }
@used @section("weft_onnx") private let rangeEntry: OnnxEntry = { OnnxRules.collect(OnnxSelectionRule.range, $0) }
