import Language
import Tensors

/// Gather (ONNX operator set 1, 11, 13): one place, or several constant ones, of a float32 tensor; and of extents.
enum OnnxGatherRule {
  static let rule = OnnxRule("Gather") { node throws(Fault) in
    let axis = try node.int("axis") ?? 0
    guard let data = node.input(0), let indices = try node.input(1)?.contents(), let places = indices.values else {
      return nil
    }
    if let extents = try data.contents(), extents.shape.count == 1, axis == 0 || axis == -1 {
      let count = extents.dims.count
      guard places.allSatisfy({ (-count..<count).contains($0) }) else { return nil }
      let dims = places.map { extents.dims[$0 < 0 ? $0 + count : $0] }
      return node.folded(OnnxContents(extents.dtype, shape: indices.shape, dims))
    }
    guard data.isFloat32, let shape = data.type.shape,
      let length = OnnxAxes.resolve(axis, shape.count).flatMap({ shape[$0].value }),
      places.allSatisfy({ (-length..<length).contains($0) })
    else { return nil }
    if indices.shape.isEmpty {
      return [try node.emit("tensor.select", [data], ["axis": .int(axis), "index": .int(places[0])])]
    }
    return [try node.emit("tensor.gather", [data, node.input(1)], ["axis": .int(axis)])]
  }
}

/// Axes that count from the end when negative.
enum OnnxAxes {
  static func resolve(_ axis: Int, _ rank: Int) -> Int? {
    let index = axis < 0 ? axis + rank : axis
    return (0..<rank).contains(index) ? index : nil
  }

  /// All of them, distinct and in order; nil where one is outside or named twice.
  static func resolve(_ axes: [Int], _ rank: Int) -> [Int]? {
    let indices = axes.compactMap { resolve($0, rank) }
    return indices.count == axes.count && Set(indices).count == axes.count ? indices : nil
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxGatherRule.rule, $0) }
