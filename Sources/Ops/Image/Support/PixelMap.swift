import Language
import Tensors

/// A picture whose rows and columns are read from those of another, or filled: crops, pads and flips.
struct PixelMap: Sendable {
  /// The source row of each row, -1 to fill.
  let rows: [Int]
  /// The source column of each column, -1 to fill.
  let columns: [Int]

  /// `fill`: the elements of a pixel where nothing is read.
  func choice(_ name: String, _ site: Site, fill: [Double] = [0]) -> Choice {
    let dtype = site.result.dtype
    let channels = site.result.shape[2]
    let top: Double = dtype == .u8 ? 255 : 65535
    let pixel = (0..<channels).map { UInt16(min(max(fill[min($0, fill.count - 1)], 0), top)) }
    let width = site.operand(0).shape[1]
    let chunking = Chunking(count: rows.count, unitCost: 2 * columns.count * channels)
    return Choice(name, chunks: chunking.chunks) { call in
      let range = chunking.range(call.chunk)
      if dtype == .u8 {
        run(UInt8.self, call, range, width, channels, pixel)
      } else {
        run(UInt16.self, call, range, width, channels, pixel)
      }
    }
  }

  private func run<T: FixedWidthInteger>(
    _ type: T.Type, _ call: KernelCall, _ range: Range<Int>, _ width: Int, _ channels: Int, _ fill: [UInt16]
  ) {
    let x = call.operands[0].assumingMemoryBound(to: T.self)
    for row in range {
      let y = call.results[0].assumingMemoryBound(to: T.self) + row * columns.count * channels
      let line = rows[row] < 0 ? nil : x + rows[row] * width * channels
      var column = 0
      while column < columns.count {
        let next = run(from: column)
        let target = y + column * channels
        if let line, columns[column] >= 0 {
          target.update(from: line + columns[column] * channels, count: (next - column) * channels)
        } else {
          for index in 0..<(next - column) * channels { target[index] = T(truncatingIfNeeded: fill[index % channels]) }
        }
        column = next
      }
    }
  }

  /// Where the columns end that are filled, or lie next to each other, from `column` on.
  private func run(from column: Int) -> Int {
    var next = column + 1
    while next < columns.count, columns[next] == (columns[column] < 0 ? -1 : columns[next - 1] + 1) { next += 1 }
    return next
  }
}
