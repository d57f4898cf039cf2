import CKernels

/// Resize of 8-bit images [height, width, channels] with the exact arithmetic of Pillow's `Image.resize`: coefficients
/// rounded to 22 fractional bits, the horizontal pass first and rounded to bytes, a pass skipped where its axis does
/// not change.
public struct PillowResize: Sendable {
  public let rows: ResizeTable
  public let columns: ResizeTable
  public let channels: Int
  private let rowWeights: [Int32]
  /// Per column of the result, how many vectors of 16 products it is the sum of, and their factors.
  private let columnBlocks: [Int32]
  private let columnWeights: [Int32]
  private let columnStarts: [Int32]

  private static let bits: Int32 = 22

  /// `filter` is bilinear, catmullRom (Pillow's bicubic), box, hamming or lanczos.
  public init(input: Extent, output: Extent, channels: Int, filter: ResizeTable.Filter) {
    precondition(filter != .nearest, "nearest needs no arithmetic")
    rows = ResizeTable(input: input.height, output: output.height, filter: filter, coordinates: .antialiased)
    columns = ResizeTable(input: input.width, output: output.width, filter: filter, coordinates: .antialiased)
    precondition((1...4).contains(channels), "a pixel has 1 to 4 channels")
    self.channels = channels
    rowWeights = Self.fixed(rows.weights)
    columnStarts = columns.starts.map { $0 * Int32(channels) }
    let weights = Self.fixed(columns.weights)
    let pixels = 16 / channels
    columnBlocks = columns.counts.map { ($0 + Int32(pixels) - 1) / Int32(pixels) }
    var vectors: [Int32] = []
    for column in 0..<columns.output {
      for lane in 0..<Int(columnBlocks[column]) * 16 {
        let tap = lane / 16 * pixels + lane % 16 / channels
        let isUsed = lane % 16 < pixels * channels && tap < Int(columns.counts[column])
        vectors.append(isUsed ? weights[column * columns.taps + tap] : 0)
      }
    }
    columnWeights = vectors
  }

  private static func fixed(_ weights: [Double]) -> [Int32] {
    weights.map { Int32($0 * Double(1 << bits) + ($0 < 0 ? -0.5 : 0.5)) }
  }

  /// Rows of the input that a range of output rows is made of.
  private func needed(_ range: Range<Int>) -> Range<Int> {
    guard rows.input != rows.output, !range.isEmpty else { return range }
    let low = range.reduce(Int.max) { min($0, Int(rows.starts[$1])) }
    return low..<range.reduce(low) { max($0, Int(rows.starts[$1] + rows.counts[$1])) }
  }

  /// Bytes of scratch for the whole picture at once.
  public var scratchBytes: Int { scratchBytes(bandRows: rows.output) }

  /// Bytes of scratch for bands of so many output rows.
  public func scratchBytes(bandRows: Int) -> Int {
    let bands = stride(from: 0, to: rows.output, by: max(1, bandRows)).map { $0..<min($0 + bandRows, rows.output) }
    return (bands.map { needed($0).count }.max() ?? 0) * columns.output * channels
  }

  public func run(x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer) {
    run(rows: 0..<rows.output, x: x, y: y, scratch: scratch)
  }

  /// A range of output rows; bands share rows of the input, which are then resized once for each.
  public func run(
    rows range: Range<Int>, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer
  ) {
    guard !range.isEmpty, columns.output > 0 else { return }
    let across = columns.input != columns.output
    let down = rows.input != rows.output
    let line = columns.output * channels
    let out = y + range.lowerBound * line
    let needed = needed(range)
    let middle = scratch.bindMemory(to: UInt8.self, capacity: needed.count * line)
    if across { horizontal(needed, x, down ? middle : out) }
    if down { vertical(range, across ? UnsafePointer(middle) : x + needed.lowerBound * line, needed.lowerBound, out) }
    if !across && !down { out.update(from: x + range.lowerBound * line, count: range.count * line) }
  }

  /// Rows of the input along themselves.
  private func horizontal(_ range: Range<Int>, _ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<UInt8>) {
    let line = columns.input * channels
    let kernels = weft_kernels()
    columnStarts.withUnsafeBufferPointer { starts in
      columnBlocks.withUnsafeBufferPointer { blocks in
        columnWeights.withUnsafeBufferPointer { weights in
          var settings = weft_resample(
            columns: columns.output, channels: channels, step: 16 / channels * channels, starts: starts.baseAddress!,
            blocks: blocks.baseAddress!, weights: weights.baseAddress!)
          for row in range {
            kernels.pointee.byte_along(
              &settings, x + row * line, (rows.input - row) * line,
              y + (row - range.lowerBound) * columns.output * channels)
          }
        }
      }
    }
  }

  /// Output rows from rows that lie in x from the input's row `first` on.
  private func vertical(
    _ range: Range<Int>, _ x: UnsafePointer<UInt8>, _ first: Int, _ y: UnsafeMutablePointer<UInt8>
  ) {
    let line = columns.output * channels
    let kernels = weft_kernels()
    rowWeights.withUnsafeBufferPointer { weights in
      for row in range {
        kernels.pointee.byte_across(
          line, Int(rows.counts[row]), x + (Int(rows.starts[row]) - first) * line,
          weights.baseAddress! + row * rows.taps, y + (row - range.lowerBound) * line)
      }
    }
  }
}
