/// Copies between dense and strided arrays of any element size: permutations, slices with steps (also negative ones),
/// flips, concatenation and splits are all one strided copy each.
public struct StridedCopy: Sendable, Hashable {
  /// Sizes after merging, outermost first, and the strides in elements of both sides.
  public let shape: [Int]
  public let source: [Int]
  public let target: [Int]
  public let elementSize: Int

  /// Copies shape elements, from source index sum(i * source) to target index sum(i * target). Rank at most 8.
  public init(shape: [Int], source: [Int], target: [Int], elementSize: Int) {
    let merged = Broadcast(shape: shape, strides: [source, target])
    self.shape = merged.shape
    self.source = merged.strides[0]
    self.target = merged.strides[1]
    self.elementSize = elementSize
  }

  /// A transposition: dimension d of the dense result is dimension order[d] of the dense source.
  public init(permuting shape: [Int], order: [Int], elementSize: Int) {
    let strides = Self.dense(shape)
    let result = order.map { shape[$0] }
    self.init(
      shape: result, source: order.map { strides[$0] }, target: Self.dense(result), elementSize: elementSize)
  }

  /// The strides of a dense array.
  public static func dense(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for d in shape.indices.dropLast().reversed() { strides[d] = strides[d + 1] * shape[d + 1] }
    return strides
  }

  /// Runs of the innermost dimension: the unit in which work is split.
  public var rowCount: Int { shape.dropLast().reduce(1, *) }

  /// Copies a range of rows. `x` and `y` point at the elements with index 0 in every dimension.
  public func run(rows: Range<Int>, x: UnsafeRawPointer, y: UnsafeMutableRawPointer) {
    switch elementSize {
    case 1: copy(rows, x.assumingMemoryBound(to: UInt8.self), y.assumingMemoryBound(to: UInt8.self))
    case 2: copy(rows, x.assumingMemoryBound(to: UInt16.self), y.assumingMemoryBound(to: UInt16.self))
    case 4: copy(rows, x.assumingMemoryBound(to: UInt32.self), y.assumingMemoryBound(to: UInt32.self))
    case 8: copy(rows, x.assumingMemoryBound(to: UInt64.self), y.assumingMemoryBound(to: UInt64.self))
    default: preconditionFailure("elements have 1, 2, 4 or 8 bytes")
    }
  }

  @inline(__always)
  private func copy<T: BitwiseCopyable>(_ rows: Range<Int>, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>) {
    let (length, from, to) = (shape.last!, source.last!, target.last!)
    Broadcast(merged: shape, strides: [source, target]).eachRow(rows) { _, offset in
      let (x, y) = (x + offset(0), y + offset(1))
      if from == 1 && to == 1 {
        y.update(from: x, count: length)
      } else {
        for i in 0..<length { y[i * to] = x[i * from] }
      }
    }
  }
}
