import Language
import Tensors

/// Cast (ONNX operator set 6, 9, 13, 19 and later) to float32, and of extents.
enum OnnxCastRule {
  static let rule = OnnxRule("Cast") { node throws(Fault) in
    node.ignore("saturate", "round_mode")
    guard let data = node.input(0), let number = try node.int("to"), let target = DType(onnx: number) else {
      return nil
    }
    if let extents = try data.contents(), target != .bool, !OnnxCastRule.narrow.contains(target) {
      return node.folded(OnnxContents(target, shape: extents.shape, extents.dims))
    }
    if data.type.dtype == target { return [data] }
    guard target == .f32, let source = data.type.dtype, source != .bf16 else { return nil }
    return [try node.emit("tensor.cast", [data], ["dtype": .string(target.rawValue)])]
  }

  /// Types that extents may not fit.
  private static let narrow: Set<DType> = [.i8, .u8, .i16, .u16, .f16, .bf16]
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxCastRule.rule, $0) }
