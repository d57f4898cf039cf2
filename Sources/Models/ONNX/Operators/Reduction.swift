import Language
import Tensors

/// ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceL1 and ReduceL2 (ONNX operator set 1, 11, 12 with attributes; 13,
/// 18, 20 with inputs) of float32, and ReduceProd of extents.
enum OnnxReductionRule {
  static let rule = OnnxRule(
    "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare"
  ) { node throws(Fault) in
    guard node.input(0)?.isFloat32 == true, let data = node.input(0), let rank = data.rank else { return nil }
    var axes = try node.ints("axes")
    if node.input(1) != nil {
      guard let given = try node.ints(1) else { return nil }
      axes = given
    }
    if axes?.isEmpty ?? true {
      if try node.int("noop_with_empty_axes") ?? 0 != 0 { return nil }
      axes = Array(0..<rank)
    } else if try node.int("noop_with_empty_axes") != nil {
      node.ignore("noop_with_empty_axes")
    }
    guard let places = OnnxAxes.resolve(axes!, rank) else { return nil }
    // Over nothing, each has a value of its own.
    if let shape = data.type.shape, places.contains(where: { shape[$0] == 0 }) { return nil }
    var settings: [String: Literal] = [
      "axes": .ints(places), "keep_dims": .bool(try node.int("keepdims") ?? 1 != 0),
    ]
    switch node.operatorName {
    case "ReduceSum": return [try node.emit("math.sum", [data], settings)]
    case "ReduceMean": return [try node.emit("math.mean", [data], settings)]
    case "ReduceMax": return [try node.emit("math.max_of", [data], settings)]
    case "ReduceMin": return [try node.emit("math.min_of", [data], settings)]
    case "ReduceSumSquare": return [try node.emit("math.sum", [try node.emit("math.square", [data])], settings)]
    default:
      settings["kind"] = .string(node.operatorName == "ReduceL1" ? "l1" : "l2")
      return [try node.emit("math.norm", [data], settings)]
    }
  }

  static let product = OnnxRule("ReduceProd") { node throws(Fault) in
    guard let extents = try node.input(0)?.contents(), extents.shape.count == 1, let all = extents.all else {
      return nil
    }
    let axes = try node.has("axes") ? node.ints("axes") : node.ints(1)
    guard axes == nil || axes == [0] || axes == [-1], node.input(1) == nil || axes != nil else { return nil }
    let keeps = try node.int("keepdims") ?? 1 != 0
    return node.folded(OnnxContents(extents.dtype, shape: keeps ? [1] : [], [all.reduce(1, *)]))
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxReductionRule.rule, $0) }
@used @section("weft_onnx") private let productEntry: OnnxEntry = { OnnxRules.collect(OnnxReductionRule.product, $0) }
