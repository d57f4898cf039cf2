import Language

/// Shapes of different rank or with extents of 1 stretched over one another, as NumPy does.
enum Broadcast {
  /// The shape that both fit; `names` are the ports, for the message.
  static func shape(_ a: [Dim], _ b: [Dim], names: (String, String) = ("a", "b")) throws(Fault) -> [Dim] {
    let rank = max(a.count, b.count)
    var result: [Dim] = []
    for axis in 0..<rank {
      let first = axis < rank - a.count ? Dim(1) : a[axis - (rank - a.count)]
      let second = axis < rank - b.count ? Dim(1) : b[axis - (rank - b.count)]
      result.append(try extent((names.0, first), (names.1, second), axis))
    }
    return result
  }

  private static func extent(
    _ a: (name: String, extent: Dim), _ b: (name: String, extent: Dim), _ axis: Int
  ) throws(Fault) -> Dim {
    if a.extent == b.extent || b.extent.value == 1 { return a.extent }
    if a.extent.value == 1 { return b.extent }
    switch (a.extent.value, b.extent.value) {
    case (.some, .some): throw .notBroadcastable(a, b, axis)
    // A symbol that meets a number is that number or 1; the result is the number either way.
    case (.some, nil): return a.extent
    case (nil, .some): return b.extent
    case (nil, nil):
      if a.extent.compare(b.extent) == .different { throw .notBroadcastable(a, b, axis) }
      return .symbol("?max(\(a.extent),\(b.extent))")
    }
  }

  /// Element strides with which an operand of `shape` is read at every index of `result`; 0 where it is stretched.
  static func strides(_ shape: [Int], over result: [Int]) -> [Int] {
    var strides = Array(repeating: 0, count: result.count)
    var stride = 1
    for axis in shape.indices.reversed() {
      let place = axis + result.count - shape.count
      if shape[axis] != 1 { strides[place] = stride }
      stride *= shape[axis]
    }
    return strides
  }
}

/// A nest of loops over a row-major result, with the strides of its operands; neighbouring loops that can be walked as
/// one are merged, so that equal shapes become one flat loop.
struct Nest: Sendable {
  /// Outermost first; never empty.
  private(set) var extents: [Int]
  /// Per operand, per loop.
  private(set) var strides: [[Int]]
  let count: Int

  init(extents: [Int], strides: [[Int]]) {
    count = extents.reduce(1, *)
    var merged: [Int] = []
    var kept = Array(repeating: [Int](), count: strides.count)
    for axis in extents.indices where extents[axis] != 1 {
      if let last = merged.last, zip(kept, strides).allSatisfy({ $0.last! == $1[axis] * extents[axis] }) {
        merged[merged.count - 1] = last * extents[axis]
        for operand in strides.indices { kept[operand][merged.count - 1] = strides[operand][axis] }
      } else {
        merged.append(extents[axis])
        for operand in strides.indices { kept[operand].append(strides[operand][axis]) }
      }
    }
    self.extents = merged.isEmpty ? [1] : merged
    self.strides = merged.isEmpty ? kept.map { _ in [0] } : kept
  }

  var inner: Int { extents[extents.count - 1] }
  func innerStride(_ operand: Int) -> Int { strides[operand][extents.count - 1] }

  /// Calls `body` with runs of the innermost loop that cover `range` of the flat result: where the run starts in the
  /// result, how long it is, and where each of the first two operands stands.
  @inline(__always)
  func forEachRun(in range: Range<Int>, _ body: (_ start: Int, _ count: Int, _ first: Int, _ second: Int) -> Void) {
    let inner = self.inner
    var at = range.lowerBound
    while at < range.upperBound {
      let row = at / inner
      let column = at - row * inner
      let run = min(inner - column, range.upperBound - at)
      body(at, run, place(0, row, column), place(strides.count - 1, row, column))
      at += run
    }
  }

  /// Where operand `operand` stands at a row of the innermost loop and a column in it.
  @inline(__always)
  func place(_ operand: Int, _ row: Int, _ column: Int) -> Int {
    strides[operand].withUnsafeBufferPointer { strides in
      extents.withUnsafeBufferPointer { extents in
        var axis = extents.count - 1
        var offset = column * strides[axis]
        var rest = row
        while axis > 0 {
          axis -= 1
          let quotient = rest / extents[axis]
          offset += (rest - quotient * extents[axis]) * strides[axis]
          rest = quotient
        }
        return offset
      }
    }
  }
}
