/// Rows picked from a table by index.
public enum GatherRows {
  /// y[i] = x[index[i]] for a range of i, rows of `rowBytes` bytes; x has `count` rows, and negative indices count from
  /// the end. Indices must be in range.
  public static func forward(
    _ range: Range<Int>, rowBytes: Int, count: Int, x: UnsafeRawPointer, index: UnsafePointer<Int32>,
    y: UnsafeMutableRawPointer
  ) {
    for i in range {
      (y + i * rowBytes).copyMemory(from: x + Self.place(index[i], count) * rowBytes, byteCount: rowBytes)
    }
  }

  /// dx[index[i]] += dy[i], in the order of i; overwrites dx.
  public static func gradient(
    indices: Int, rowLength: Int, count: Int, dy: UnsafePointer<Float>, index: UnsafePointer<Int32>,
    dx: UnsafeMutablePointer<Float>
  ) {
    dx.update(repeating: 0, count: count * rowLength)
    for i in 0..<indices {
      Slab.axpy(alpha: 1, dy + i * rowLength, dx + Self.place(index[i], count) * rowLength, count: rowLength)
    }
  }

  private static func place(_ index: Int32, _ count: Int) -> Int {
    let place = index < 0 ? Int(index) + count : Int(index)
    precondition(place >= 0 && place < count, "an index must be in range")
    return place
  }
}
