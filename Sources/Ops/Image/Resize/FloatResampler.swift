import Kernels
import Language
import Tensors

/// A number that can be resampled through Float.
protocol Resampled: Element {
  static func from(_ value: Float) -> Self
  var resampled: Float { get }
}

extension Float: Resampled {
  static func from(_ value: Float) -> Float { value }
  var resampled: Float { self }
}

extension UInt8: Resampled {
  static func from(_ value: Float) -> UInt8 {
    UInt8(Swift.min(Swift.max(value.rounded(.toNearestOrAwayFromZero), 0), 255))
  }
  var resampled: Float { Float(self) }
}

extension UInt16: Resampled {
  static func from(_ value: Float) -> UInt16 {
    UInt16(Swift.min(Swift.max(value.rounded(.toNearestOrAwayFromZero), 0), 65535))
  }
  var resampled: Float { Float(self) }
}

/// Resamples [planes, height, width, channels] along height and width: each band of output rows first along the rows
/// it needs, then across them, in Float.
struct FloatResampler: Sendable {
  private let planes: Int
  private let vertical: ResizeTable
  private let horizontal: ResizeTable
  private let channels: Int
  private let verticalWeights: [Float]
  private let horizontalWeights: [Float]
  private let bandRows: Int
  private let bands: Int
  private let lines: Int

  init(planes: Int, vertical: ResizeTable, horizontal: ResizeTable, channels: Int) {
    self.planes = planes
    self.vertical = vertical
    self.horizontal = horizontal
    self.channels = channels
    verticalWeights = vertical.weights.map { Float($0) }
    horizontalWeights = horizontal.weights.map { Float($0) }
    let rowCost = horizontal.output * channels * 8
    let bandRows = min(max(8, (1 << 17) / max(1, rowCost)), max(1, vertical.output))
    self.bandRows = bandRows
    bands = max(1, (vertical.output + bandRows - 1) / bandRows)
    var lines = 1
    for band in 0..<bands {
      lines = max(lines, vertical.needed(band * bandRows..<min(vertical.output, (band + 1) * bandRows)).count)
    }
    self.lines = lines
  }

  var chunks: Int { planes * bands }
  var scratch: Int { (lines + 1) * horizontal.output * channels * MemoryLayout<Float>.stride }
  var operations: Double {
    2 * Double(planes * channels)
      * (Double(vertical.input) * Double(horizontal.weights.count)
        + Double(vertical.weights.count) * Double(horizontal.output))
  }

  func choice(_ dtype: DType) -> Choice {
    Choice("separable", operations: operations, scratch: scratch, chunks: max(1, chunks)) { call in
      guard chunks > 0 else { return }
      switch dtype {
      case .u8: run(UInt8.self, call)
      case .u16: run(UInt16.self, call)
      default: run(Float.self, call)
      }
    }
  }

  private func run<T: Resampled>(_ type: T.Type, _ call: KernelCall) {
    let plane = call.chunk / bands
    let band = call.chunk % bands
    let rows = band * bandRows..<min(vertical.output, (band + 1) * bandRows)
    let width = horizontal.output * channels
    let x = call.operands[0].assumingMemoryBound(to: T.self) + plane * vertical.input * horizontal.input * channels
    let y = call.results[0].assumingMemoryBound(to: T.self) + plane * vertical.output * width
    let needed = vertical.needed(rows)
    let lines = call.workspace
    for row in needed {
      alongRow(x + row * horizontal.input * channels, lines + (row - needed.lowerBound) * width)
    }
    let sums = lines + needed.count * width
    for row in rows {
      for index in 0..<width { sums[index] = 0 }
      for tap in 0..<Int(vertical.counts[row]) {
        let weight = verticalWeights[row * vertical.taps + tap]
        let line = lines + (Int(vertical.starts[row]) + tap - needed.lowerBound) * width
        for index in 0..<width { sums[index] += weight * line[index] }
      }
      for index in 0..<width { y[row * width + index] = T.from(sums[index]) }
    }
  }

  @inline(__always)
  private func alongRow<T: Resampled>(_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<Float>) {
    horizontalWeights.withUnsafeBufferPointer { weights in
      for place in 0..<horizontal.output {
        let first = x + Int(horizontal.starts[place]) * channels
        let begin = place * horizontal.taps
        for channel in 0..<channels {
          var sum: Float = 0
          for tap in 0..<Int(horizontal.counts[place]) {
            sum += weights[begin + tap] * first[tap * channels + channel].resampled
          }
          y[place * channels + channel] = sum
        }
      }
    }
  }
}
