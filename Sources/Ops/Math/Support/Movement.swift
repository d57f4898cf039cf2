import Language
import Tensors

/// Ops that move elements without computing: any element type, strided reads, row-major results.
enum Movement {
  static let inputs = [Port("x", "tensor", .one, "Any shape and element type.")]
  static let outputs = [Port("y", "tensor")]

  /// A result of the operand's element type.
  static func type(_ facts: Facts, _ shape: [Dim]?, _ meaning: Meaning = Meaning()) -> ValueType {
    .tensor(TensorType(dtype: facts.tensor("x").dtype, shape: shape, meaning: meaning))
  }

  static func strides(_ shape: [Int]) -> [Int] {
    var strides = Array(repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    return strides
  }

  /// The same elements in the same order under another shape.
  static func copy(_ site: Site) -> Choice {
    let bytes = site.result.byteCount
    let chunking = Chunking(count: bytes, unitCost: 1, grain: 1 << 20)
    return Choice("copy", chunks: chunking.chunks, inPlace: [(0, 0)]) { call in
      let range = chunking.range(call.chunk)
      guard call.results[0] != call.operands[0] else { return }
      (call.results[0] + range.lowerBound).copyMemory(
        from: call.operands[0] + range.lowerBound, byteCount: range.count)
    }
  }

  /// result[i] = operand[offset + Σ i · stride], strides and offset in elements.
  static func strided(_ name: String, _ site: Site, strides: [Int], offset: Int = 0) -> Choice {
    let nest = Nest(extents: site.result.shape, strides: [strides])
    let step = nest.innerStride(0)
    let size = site.result.dtype.size
    let chunking = Chunking(count: nest.count, unitCost: step == 1 ? size : 2 * size)
    return Choice(name, chunks: chunking.chunks) { call in
      let source = call.operands[0] + offset * size
      let target = call.results[0]
      nest.forEachRun(in: chunking.range(call.chunk)) { start, count, first, _ in
        move(source + first * size, step, target + start * size, 1, count: count, size: size)
      }
    }
  }

  /// target[i · targetStep] = source[i · sourceStep] for elements of `size` bytes.
  static func move(
    _ source: UnsafeRawPointer, _ sourceStep: Int, _ target: UnsafeMutableRawPointer, _ targetStep: Int, count: Int,
    size: Int
  ) {
    if sourceStep == 1, targetStep == 1 {
      target.copyMemory(from: source, byteCount: count * size)
      return
    }
    switch size {
    case 1: each(UInt8.self, source, sourceStep, target, targetStep, count)
    case 2: each(UInt16.self, source, sourceStep, target, targetStep, count)
    case 4: each(UInt32.self, source, sourceStep, target, targetStep, count)
    default: each(UInt64.self, source, sourceStep, target, targetStep, count)
    }
  }

  @inline(__always)
  private static func each<T>(
    _ type: T.Type, _ source: UnsafeRawPointer, _ sourceStep: Int, _ target: UnsafeMutableRawPointer,
    _ targetStep: Int, _ count: Int
  ) {
    let from = source.assumingMemoryBound(to: T.self)
    let to = target.assumingMemoryBound(to: T.self)
    for index in 0..<count { to[index * targetStep] = from[index * sourceStep] }
  }
}
