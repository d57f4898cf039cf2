import Language
import Tensors

/// Shape (ONNX operator set 1, 13, 15 and later) and Size (1, 13 and later).
enum OnnxShapeRule {
  static let shape = OnnxRule("Shape") { node throws(Fault) in
    guard let shape = node.input(0)?.type.shape else { return nil }
    func place(_ given: Int?, _ fallback: Int) -> Int {
      let place = given ?? fallback
      return min(max(place < 0 ? place + shape.count : place, 0), shape.count)
    }
    let start = place(try node.int("start"), 0)
    let end = place(try node.int("end"), shape.count)
    return node.folded(OnnxContents(extents: Array(shape[start..<max(start, end)])))
  }

  static let size = OnnxRule("Size") { node throws(Fault) in
    guard let shape = node.input(0)?.type.shape else { return nil }
    return node.folded(OnnxContents(.i64, shape: [], [shape.reduce(1, *)]))
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxShapeRule.shape, $0) }
@used @section("weft_onnx") private let sizeEntry: OnnxEntry = { OnnxRules.collect(OnnxShapeRule.size, $0) }
