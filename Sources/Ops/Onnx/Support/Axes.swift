import Language

/// Axes as ONNX counts them: negative ones from the back.
enum Axes {
  static func resolved(_ axis: Int, rank: Int) throws(Fault) -> Int {
    guard (-rank..<max(rank, 1)).contains(axis), rank > 0 || axis == 0 || axis == -1 else {
      throw .axis(axis, rank)
    }
    return axis < 0 ? max(axis + rank, 0) : axis
  }

  /// Every axis resolved; one named twice is refused.
  static func resolved(_ axes: [Int], rank: Int) throws(Fault) -> [Int] {
    var result: [Int] = []
    for axis in axes {
      guard (-rank..<rank).contains(axis) else { throw .axis(axis, rank) }
      let place = axis < 0 ? axis + rank : axis
      guard !result.contains(place) else { throw .axisTwice(axis) }
      result.append(place)
    }
    return result
  }
}

/// Extents of tensors that are still to be made.
enum Extents {
  /// Bytes that one tensor may take; a model that asks for more is broken or hostile.
  static let limit = 1 << 33

  /// The number of elements, if they can be had at all.
  static func count(_ shape: [Int], size: Int = 8) throws(Fault) -> Int {
    // An empty tensor's other extents count as well: products of some of them are formed on the way.
    var count = 1
    for extent in shape {
      guard extent >= 0 else { throw .negativeExtent(shape) }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, extent))
      if overflow { throw .tooLarge(shape) }
      count = product
    }
    guard count <= limit / size else { throw .tooLarge(shape) }
    return shape.contains(0) ? 0 : count
  }

  /// Elements from one index to the next, per axis.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = Array(repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] &* shape[axis + 1] }
    return strides
  }

  /// The shape split at an axis: elements before, along and after it.
  static func around(_ axis: Int, _ shape: [Int]) -> (outer: Int, extent: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), axis < shape.count ? shape[axis] : 1, shape.dropFirst(axis + 1).reduce(1, *))
  }
}
