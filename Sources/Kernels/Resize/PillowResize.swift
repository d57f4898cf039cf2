/// Resize of 8-bit images [height, width, channels] with the exact arithmetic of Pillow's `Image.resize`: coefficients
/// rounded to 22 fractional bits, the horizontal pass first and rounded to bytes, a pass skipped where its axis does
/// not change.
public struct PillowResize: Sendable {
  public let rows: ResizeTable
  public let columns: ResizeTable
  public let channels: Int
  private let rowWeights: [Int32]
  private let columnWeights: [Int32]

  private static let bits: Int32 = 22

  /// `filter` is bilinear, catmullRom (Pillow's bicubic), box, hamming or lanczos.
  public init(input: Extent, output: Extent, channels: Int, filter: ResizeTable.Filter) {
    precondition(filter != .nearest, "nearest needs no arithmetic")
    rows = ResizeTable(input: input.height, output: output.height, filter: filter, coordinates: .antialiased)
    columns = ResizeTable(input: input.width, output: output.width, filter: filter, coordinates: .antialiased)
    self.channels = channels
    rowWeights = Self.fixed(rows.weights)
    columnWeights = Self.fixed(columns.weights)
  }

  private static func fixed(_ weights: [Double]) -> [Int32] {
    weights.map { Int32($0 * Double(1 << bits) + ($0 < 0 ? -0.5 : 0.5)) }
  }

  public var scratchBytes: Int { rows.input * columns.output * channels }

  public func run(x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer) {
    let across = columns.input != columns.output
    let down = rows.input != rows.output
    let middle = scratch.bindMemory(to: UInt8.self, capacity: scratchBytes)
    if across { horizontal(x, down ? middle : y) }
    if down { vertical(across ? UnsafePointer(middle) : x, y) }
    if !across && !down { y.update(from: x, count: rows.input * columns.input * channels) }
  }

  private func horizontal(_ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<UInt8>) {
    for row in 0..<rows.input {
      let line = x + row * columns.input * channels
      let out = y + row * columns.output * channels
      for column in 0..<columns.output {
        let first = Int(columns.starts[column])
        let count = Int(columns.counts[column])
        for channel in 0..<channels {
          var sum: Int32 = 1 << (Self.bits - 1)
          for tap in 0..<count {
            sum &+= Int32(line[(first + tap) * channels + channel]) &* columnWeights[column * columns.taps + tap]
          }
          out[column * channels + channel] = Self.byte(sum)
        }
      }
    }
  }

  private func vertical(_ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<UInt8>) {
    let length = columns.output * channels
    for row in 0..<rows.output {
      let first = Int(rows.starts[row])
      let count = Int(rows.counts[row])
      for i in 0..<length {
        var sum: Int32 = 1 << (Self.bits - 1)
        for tap in 0..<count {
          sum &+= Int32(x[(first + tap) * length + i]) &* rowWeights[row * rows.taps + tap]
        }
        y[row * length + i] = Self.byte(sum)
      }
    }
  }

  private static func byte(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> bits) }
}
