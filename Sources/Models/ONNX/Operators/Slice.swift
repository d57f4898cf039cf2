import Language
import Tensors

/// Slice (ONNX operator set 1 with attributes; 10, 11, 13 with inputs): constant places, forwards; and of extents.
enum OnnxSliceRule {
  static let rule = OnnxRule("Slice") { node throws(Fault) in
    guard let data = node.input(0), let cut = try cut(node) else { return nil }
    if let extents = try data.contents(), extents.shape.count == 1, cut.axes == [0] {
      return node.folded(
        sliced(extents, from: cut.starts[0], to: cut.ends[0], step: cut.steps[0]))
    }
    guard data.isFloat32, let rank = data.rank, let axes = OnnxAxes.resolve(cut.axes, rank),
      cut.steps.allSatisfy({ $0 > 0 })
    else { return nil }
    return [
      try node.emit(
        "tensor.slice", [data],
        ["axes": .ints(axes), "begin": .ints(cut.starts), "end": .ints(cut.ends), "step": .ints(cut.steps)])
    ]
  }

  private struct Cut {
    let axes: [Int]
    let starts: [Int]
    let ends: [Int]
    let steps: [Int]
  }

  private static func cut(_ node: OnnxNode) throws(Fault) -> Cut? {
    let isOld = node.opset < 10
    guard let starts = try isOld ? node.ints("starts") : node.ints(1),
      let ends = try isOld ? node.ints("ends") : node.ints(2), starts.count == ends.count, !starts.isEmpty
    else { return nil }
    // An input that is there must be known.
    let axes = try isOld ? node.ints("axes") : node.ints(3)
    let steps = try isOld ? nil : node.ints(4)
    if !isOld, node.input(3) != nil && axes == nil || node.input(4) != nil && steps == nil { return nil }
    let cut = Cut(
      axes: axes ?? Array(starts.indices), starts: starts, ends: ends,
      steps: steps ?? Array(repeating: 1, count: starts.count))
    return cut.axes.count == starts.count && cut.steps.count == starts.count ? cut : nil
  }

  /// Places outside move to the edge; backwards, the end may lie before the first.
  private static func sliced(_ x: OnnxContents, from start: Int, to end: Int, step: Int) -> OnnxContents {
    let count = x.dims.count
    func place(_ place: Int, _ low: Int, _ high: Int) -> Int {
      min(max(place < 0 ? max(place, -count - 1) + count : place, low), high)
    }
    var dims: [Dim?] = []
    if step > 0 {
      for index in stride(from: place(start, 0, count), to: place(end, 0, count), by: step) {
        dims.append(x.dims[index])
      }
    } else if step < 0 {
      for index in stride(from: place(start, 0, count - 1), to: place(end, -1, count - 1), by: step) {
        dims.append(x.dims[index])
      }
    }
    return OnnxContents(x.dtype, shape: [dims.count], dims)
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxSliceRule.rule, $0) }
