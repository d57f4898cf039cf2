import CKernels

/// Softmax or its logarithm over the middle axis of [outer, length, inner].
public struct Softmax: Sendable, Hashable {
  public let outer: Int
  public let length: Int
  public let inner: Int
  public let logarithmic: Bool

  public init(outer: Int, length: Int, inner: Int = 1, logarithmic: Bool = false) {
    self.outer = outer
    self.length = length
    self.inner = inner
    self.logarithmic = logarithmic
  }

  /// Bytes of scratch: one row, where the axis is not the last one.
  public var scratchBytes: Int { inner == 1 ? 0 : length * 4 }

  /// y for a range of outer indices; sums in Double.
  public func forward(
    outer range: Range<Int>, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer
  ) {
    let kernels = weft_kernels()
    if inner == 1 {
      let offset = range.lowerBound * length
      kernels.pointee.softmax(logarithmic ? 1 : 0, range.count, length, x + offset, y + offset)
      return
    }
    let row = scratch.bindMemory(to: Float.self, capacity: length)
    for o in range {
      for i in 0..<inner {
        let offset = o * length * inner + i
        for p in 0..<length { row[p] = x[offset + p * inner] }
        kernels.pointee.softmax(logarithmic ? 1 : 0, 1, length, row, row)
        for p in 0..<length { y[offset + p * inner] = row[p] }
      }
    }
  }

  /// dx from y and dy: y (dy - sum(y dy)), or for the logarithm dy - e^y sum(dy). dx may be dy.
  public func gradient(
    outer range: Range<Int>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    for o in range {
      for i in 0..<inner {
        let offset = o * length * inner + i
        var sum = 0.0
        for p in stride(from: offset, to: offset + length * inner, by: inner) {
          sum += Double(dy[p]) * (logarithmic ? 1 : Double(y[p]))
        }
        let total = Float(sum)
        for p in stride(from: offset, to: offset + length * inner, by: inner) {
          var probability = y[p]
          if logarithmic { Unary.exp.forward(count: 1, x: y + p, y: &probability) }
          dx[p] = logarithmic ? dy[p] - probability * total : probability * (dy[p] - total)
        }
      }
    }
  }
}
