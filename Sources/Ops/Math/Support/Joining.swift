import Language
import Tensors

/// What joining tensors along an old or a new dimension has in common.
enum Joining {
  static func dtype(_ types: [TensorType]) throws(Fault) -> DType? {
    let known = types.enumerated().filter { $0.element.dtype != nil }
    guard let first = known.first, let dtype = first.element.dtype else { return nil }
    for (index, type) in known where type.dtype != dtype {
      throw .dtypesDiffer("x[\(first.offset)]", "x[\(index)]", dtype.rawValue, type.dtype!.rawValue)
    }
    return dtype
  }

  /// Checks that two shapes agree; a symbolic extent gives way to a number.
  static func match(
    _ shape: inout [Dim], _ other: [Dim], _ names: (String, String), except: Int? = nil
  ) throws(Fault) {
    guard shape.count == other.count else { throw .ranksDiffer(names.0, names.1, shape.count, other.count) }
    for axis in shape.indices where axis != except {
      if shape[axis].compare(other[axis]) == .different {
        throw .extentsDiffer(names.0, names.1, axis, shape[axis], other[axis])
      }
      if shape[axis].value == nil, other[axis].value != nil { shape[axis] = other[axis] }
    }
  }

  /// The result is rows made of one segment of each operand, segments in bytes.
  static func choice(_ site: Site, segments: [Int]) -> Choice {
    let row = segments.reduce(0, +)
    let starts = segments.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let chunking = Chunking(count: site.result.byteCount, unitCost: 1, grain: 1 << 18)
    return Choice("copy", chunks: chunking.chunks) { call in
      let range = chunking.range(call.chunk)
      guard row > 0, !range.isEmpty else { return }
      for outer in range.lowerBound / row...(range.upperBound - 1) / row {
        for (index, length) in segments.enumerated() {
          let first = outer * row + starts[index]
          let low = max(first, range.lowerBound)
          let high = min(first + length, range.upperBound)
          if low < high {
            (call.results[0] + low).copyMemory(
              from: call.operands[index] + outer * length + (low - first), byteCount: high - low)
          }
        }
      }
    }
  }
}
