/// Bilinear resize of 8-bit images [height, width, channels] in the arithmetic of OpenCV's INTER_LINEAR: coefficients
/// of 11 bits in both passes, no rounding between them.
public struct OpenCVResize: Sendable {
  public let input: Extent
  public let output: Extent
  public let channels: Int
  private let rows: Axis
  private let columns: Axis

  /// Two places and two weights per output.
  private struct Axis: Sendable {
    var first: [Int] = []
    var second: [Int] = []
    var weights: [(Int32, Int32)] = []

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
        weights.append((Int32(weight), Int32((position * 2048).rounded(.toNearestOrEven))))
      }
    }
  }

  public init(input: Extent, output: Extent, channels: Int) {
    self.input = input
    self.output = output
    self.channels = channels
    rows = Axis(input: input.height, output: output.height)
    columns = Axis(input: input.width, output: output.width)
  }

  /// A range of output rows.
  public func run(rows range: Range<Int>, x: UnsafePointer<UInt8>, y: UnsafeMutablePointer<UInt8>) {
    for row in range {
      let upper = x + rows.first[row] * input.width * channels
      let lower = x + rows.second[row] * input.width * channels
      let (a, b) = rows.weights[row]
      for column in 0..<output.width {
        let (left, right) = (columns.first[column] * channels, columns.second[column] * channels)
        let (p, q) = columns.weights[column]
        for channel in 0..<channels {
          let top = Int32(upper[left + channel]) * p + Int32(upper[right + channel]) * q
          let bottom = Int32(lower[left + channel]) * p + Int32(lower[right + channel]) * q
          // The order of shifts that OpenCV's vector code has: 4 bits before, 16 in, 2 after the product.
          let sum = ((a * (top >> 4)) >> 16) + ((b * (bottom >> 4)) >> 16)
          y[(row * output.width + column) * channels + channel] = UInt8(clamping: (sum + 2) >> 2)
        }
      }
    }
  }
}
