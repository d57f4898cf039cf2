/// Total variation of planes [.., height, width]: what neighbours differ by, summed over the planes.
public struct TotalVariation: Sendable, Hashable {
  public enum Convention: Sendable, Hashable, CaseIterable {
    /// Squares of all (height - 1) * width vertical and height * (width - 1) horizontal differences.
    case squared
    /// Squares of both differences at the (height - 1) * (width - 1) elements that have both neighbours.
    case squaredInterior
    /// Absolute values of all differences.
    case absolute
  }

  public let size: Extent
  public let convention: Convention

  public init(size: Extent, convention: Convention) {
    self.size = size
    self.convention = convention
  }

  private var area: Int { size.height * size.width }

  /// The sum over a range of planes, in Double.
  public func value(planes: Range<Int>, x: UnsafePointer<Float>) -> Double {
    var sum = 0.0
    eachDifference(planes) { first, second in
      let difference = Double(x[second]) - Double(x[first])
      sum += convention == .absolute ? abs(difference) : difference * difference
    }
    return sum
  }

  /// dx = factor * the gradient, for a range of planes; overwrites dx. The slope of |d| at 0 is 0.
  public func gradient(
    planes: Range<Int>, x: UnsafePointer<Float>, factor: Float, dx: UnsafeMutablePointer<Float>
  ) {
    (dx + planes.lowerBound * area).update(repeating: 0, count: planes.count * area)
    eachDifference(planes) { first, second in
      let difference = x[second] - x[first]
      let slope =
        convention == .absolute
        ? (difference > 0 ? factor : (difference < 0 ? -factor : 0)) : 2 * factor * difference
      dx[second] += slope
      dx[first] -= slope
    }
  }

  @inline(__always)
  private func eachDifference(_ planes: Range<Int>, _ body: (_ first: Int, _ second: Int) -> Void) {
    let interior = convention == .squaredInterior
    let (height, width) = (size.height, size.width)
    for plane in planes {
      for row in 0..<height {
        let start = plane * area + row * width
        if row + 1 < height {
          for i in start..<start + max(0, interior ? width - 1 : width) { body(i, i + width) }
        }
        if !interior || row + 1 < height {
          for i in start..<start + max(0, width - 1) { body(i, i + 1) }
        }
      }
    }
  }
}
