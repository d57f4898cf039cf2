import CKernels

/// Bilinear resize of 8-bit images [height, width, channels] in the arithmetic of OpenCV's INTER_LINEAR: coefficients
/// of 11 bits in both passes, no rounding between them.
public struct OpenCVResize: Sendable {
  public let input: Extent
  public let output: Extent
  public let channels: Int
  /// Two rows of the input per output row, and their factors.
  private let rows: [Int32]
  private let rowWeights: [Int16]
  /// The byte offset of the left pixel per column of the result; filled up to whole groups, as its factor and its
  /// right neighbour's are.
  private let places: [Int32]
  private let left: [Int16]
  private let right: [Int16]

  /// Two places and two weights per output.
  private struct Axis: Sendable {
    var first: [Int] = []
    var second: [Int] = []
    var weights: [(Int16, Int16)] = []

    init(input: Int, output: Int) {
      let scale = Double(input) / Double(max(1, output))
      for index in 0..<output {
        var position = Float((Double(index) + 0.5) * scale - 0.5)
        var place = Int(position.rounded(.down))
        position -= Float(place)
        if place < 0 { (place, position) = (0, 0) }
        if place >= input - 1 { (place, position) = (input - 1, 0) }
        first.append(place)
        second.append(min(place + 1, input - 1))
        let weight = ((1 - position) * 2048).rounded(.toNearestOrEven)
        weights.append((Int16(weight), Int16((position * 2048).rounded(.toNearestOrEven))))
      }
    }
  }

  public init(input: Extent, output: Extent, channels: Int) {
    precondition((1...4).contains(channels), "a pixel has 1 to 4 channels")
    self.input = input
    self.output = output
    self.channels = channels
    let down = Axis(input: input.height, output: output.height)
    rows = zip(down.first, down.second).flatMap { [Int32($0), Int32($1)] }
    rowWeights = down.weights.flatMap { [$0.0, $0.1] }
    let across = Axis(input: input.width, output: output.width)
    let columns = (0..<(output.width + 15) / 16 * 16).map { min($0, output.width - 1) }
    places = columns.map { Int32(across.first[$0] * channels) }
    left = columns.map { across.weights[$0].0 }
    right = columns.map { across.weights[$0].1 }
  }

  /// A range of output rows.
  public func run(rows range: Range<Int>, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>) {
    guard output.width > 0, !range.isEmpty else { return }
    places.withUnsafeBufferPointer { places in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          rows.withUnsafeBufferPointer { rows in
            rowWeights.withUnsafeBufferPointer { rowWeights in
              var settings = weft_bilinear(
                columns: output.width, channels: channels, row_bytes: input.width * channels,
                places: places.baseAddress!, left: left.baseAddress!, right: right.baseAddress!,
                rows: rows.baseAddress!, row_weights: rowWeights.baseAddress!)
              weft_kernels().pointee.byte_bilinear(&settings, range.lowerBound, range.upperBound, x, y)
            }
          }
        }
      }
    }
  }
}
