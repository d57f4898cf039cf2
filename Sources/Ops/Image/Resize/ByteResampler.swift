import Language

/// Pillow's resampling of 8-bit pictures, bit for bit: weights of 22 fractional bits, along the rows first, rounded to
/// bytes between the passes. A pass that changes nothing is left out.
struct ByteResampler: Sendable {
  private static let fraction = 22
  private let vertical: Taps
  private let horizontal: Taps
  private let channels: Int
  private let verticalWeights: [Int32]
  private let horizontalWeights: [Int32]
  private let bandRows: Int
  private let lines: Int

  init(vertical: Taps, horizontal: Taps, channels: Int) {
    self.vertical = vertical
    self.horizontal = horizontal
    self.channels = channels
    func fixed(_ taps: Taps) -> [Int32] {
      taps.weights.map { Int32($0 * Double(1 << ByteResampler.fraction) + ($0 < 0 ? -0.5 : 0.5)) }
    }
    verticalWeights = fixed(vertical)
    horizontalWeights = fixed(horizontal)
    let bandRows = min(max(8, (1 << 17) / max(1, horizontal.output * channels * 8)), max(1, vertical.output))
    self.bandRows = bandRows
    var lines = 1
    for first in stride(from: 0, to: vertical.output, by: bandRows) {
      lines = max(lines, vertical.needed(first..<min(vertical.output, first + bandRows)).count)
    }
    self.lines = lines
  }

  var choice: Choice {
    let width = horizontal.output * channels
    let passes =
      Double(vertical.input) * Double(horizontal.weights.count)
      + Double(vertical.weights.count) * Double(horizontal.output)
    return Choice(
      "fixed-point", operations: 2 * Double(channels) * passes, scratch: width * 4 + lines * width,
      chunks: max(1, (vertical.output + bandRows - 1) / bandRows)
    ) { call in run(call) }
  }

  private func run(_ call: KernelCall) {
    let rows = call.chunk * bandRows..<min(vertical.output, (call.chunk + 1) * bandRows)
    let width = horizontal.output * channels
    let x = call.operands[0].assumingMemoryBound(to: UInt8.self)
    let y = call.results[0].assumingMemoryBound(to: UInt8.self)
    let sums = call.scratch.assumingMemoryBound(to: Int32.self)
    let lines = (call.scratch + width * 4).assumingMemoryBound(to: UInt8.self)
    let needed = vertical.needed(rows)
    for row in needed {
      alongRow(x + row * horizontal.input * channels, lines + (row - needed.lowerBound) * width)
    }
    let half: Int32 = 1 << Int32(ByteResampler.fraction - 1)
    for row in rows {
      for index in 0..<width { sums[index] = half }
      for tap in 0..<vertical.count[row] {
        let weight = verticalWeights[vertical.begin[row] + tap]
        let line = lines + (vertical.first[row] + tap - needed.lowerBound) * width
        for index in 0..<width { sums[index] &+= weight &* Int32(line[index]) }
      }
      for index in 0..<width { y[row * width + index] = ByteResampler.byte(sums[index]) }
    }
  }

  private func alongRow(_ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<UInt8>) {
    if horizontal.isIdentity {
      y.update(from: x, count: horizontal.output * channels)
      return
    }
    let half: Int32 = 1 << Int32(ByteResampler.fraction - 1)
    horizontalWeights.withUnsafeBufferPointer { weights in
      for place in 0..<horizontal.output {
        let first = x + horizontal.first[place] * channels
        let begin = horizontal.begin[place]
        for channel in 0..<channels {
          var sum = half
          for tap in 0..<horizontal.count[place] {
            sum &+= weights[begin + tap] &* Int32(first[tap * channels + channel])
          }
          y[place * channels + channel] = ByteResampler.byte(sum)
        }
      }
    }
  }

  @inline(__always)
  private static func byte(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(sum >> Int32(fraction), 0), 255))
  }
}
