/// A separable resize of float planes [.., height, width]: columns first, then rows. Planes are split among chunks;
/// the gradient is the resize with both tables transposed (`transposed`).
public struct ResizePlane: Sendable {
  public let rows: ResizeTable
  public let columns: ResizeTable
  private let rowWeights: [Float]
  private let columnWeights: [Float]

  public init(rows: ResizeTable, columns: ResizeTable) {
    self.rows = rows
    self.columns = columns
    rowWeights = rows.weights.map { Float($0) }
    columnWeights = columns.weights.map { Float($0) }
  }

  public var transposed: ResizePlane { ResizePlane(rows: rows.transposed, columns: columns.transposed) }

  /// Bytes of scratch: the plane between the passes.
  public var scratchBytes: Int { rows.input * columns.output * 4 }

  public func run(
    planes: Range<Int>, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let width = columns.output
    let middle = scratch.bindMemory(to: Float.self, capacity: rows.input * width)
    for plane in planes {
      let source = x + plane * rows.input * columns.input
      for row in 0..<rows.input {
        let line = source + row * columns.input
        for column in 0..<width {
          let from = line + Int(columns.starts[column])
          var sum: Float = 0
          for tap in 0..<Int(columns.counts[column]) { sum += from[tap] * columnWeights[column * columns.taps + tap] }
          middle[row * width + column] = sum
        }
      }
      let target = y + plane * rows.output * width
      for row in 0..<rows.output {
        (target + row * width).update(repeating: 0, count: width)
        for tap in 0..<Int(rows.counts[row]) {
          Slab.axpy(
            alpha: rowWeights[row * rows.taps + tap], middle + (Int(rows.starts[row]) + tap) * width,
            target + row * width, count: width)
        }
      }
    }
  }
}
