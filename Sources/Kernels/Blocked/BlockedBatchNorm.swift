import CKernels

/// Normalisation by the statistics of the batch (Ioffe & Szegedy 2015, alg. 1) of [N, C, area] in blocks of channels;
/// a chunk is one block. With an area of one and whole blocks that is also the order of rows.
public struct BlockedBatchNorm: Sendable {
  private let batch: Int
  private let channels: Int
  private let area: Int
  private let epsilon: Double

  public init(batch: Int, channels: Int, area: Int, epsilon: Double) {
    (self.batch, self.channels, self.area, self.epsilon) = (batch, channels, area, epsilon)
  }

  public var chunks: Int { Blocked.blocks(channels) }
  private var step: Int { Blocked.blocks(channels) * Blocked.block * area }
  private var count: Double { Double(max(1, batch * area)) }

  /// Mean and biased variance of one channel, and what flows back into it.
  private struct Channel {
    var mean = 0.0
    var variance = 0.0
    var slopes = 0.0
    var product = 0.0
  }

  /// y of one chunk, from `scale` and `shift` with a number per channel; nil stands for ones and zeros. `other`, which
  /// lies like x, is added before the rectifier. `found` is told each channel's mean and biased variance.
  public func forward(
    chunk: Int, x: UnsafePointer<Float>, scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?,
    adding other: UnsafePointer<Float>? = nil, rectifies: Bool, y: UnsafeMutablePointer<Float>,
    found: (_ channel: Int, _ mean: Double, _ variance: Double) -> Void = { _, _, _ in }
  ) {
    let start = chunk * Blocked.block * area
    let moments = moments(chunk, x + start, nil)
    combine(chunk, x + start, other.map { $0 + start }, rectifies: rectifies, y + start) { lane, channel in
      found(channel, moments[lane].mean, moments[lane].variance)
      let factor = Double(scale?[channel] ?? 1) / (moments[lane].variance + epsilon).squareRoot()
      return (factor, 1, Double(shift?[channel] ?? 0) - moments[lane].mean * factor)
    }
  }

  /// dx of one chunk; `found` is told the gradients of each channel's scale and shift. With n = (x - mean) * rate, dx is
  /// scale * rate * (dy - mean(dy) - n * mean(dy * n)).
  public func gradient(
    chunk: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, scale: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, found: (_ channel: Int, _ scale: Double, _ shift: Double) -> Void
  ) {
    let start = chunk * Blocked.block * area
    let moments = moments(chunk, x + start, dy + start)
    combine(chunk, dy + start, x + start, rectifies: false, dx + start) { lane, channel in
      let m = moments[lane]
      let rate = 1 / (m.variance + epsilon).squareRoot()
      let along = m.product * rate
      found(channel, along, m.slopes)
      let gain = Double(scale[channel]) * rate
      let tilt = -gain * rate * along / count
      return (gain, tilt, -gain * m.slopes / count - tilt * m.mean)
    }
  }

  private func moments(_ chunk: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>?) -> [Channel] {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * Blocked.block) { sums in
      weft_kernels().pointee.blocked_moments(batch, area, step, x, dy, sums.baseAddress!)
      return (0..<Blocked.block).map { lane in
        let (sum, squares) = (sums[lane], sums[Blocked.block + lane])
        let (slopes, products) = (sums[2 * Blocked.block + lane], sums[3 * Blocked.block + lane])
        // The kernel's sums are of distances from the first element.
        let offset = sum / count
        return Channel(
          mean: Double(x[lane]) + offset, variance: max(0, squares / count - offset * offset), slopes: slopes,
          product: products - offset * slopes)
      }
    }
  }

  /// to = a * x + b * z + c, with the factors of each channel; the filling stays zero.
  private func combine(
    _ chunk: Int, _ x: UnsafePointer<Float>, _ z: UnsafePointer<Float>?, rectifies: Bool,
    _ to: UnsafeMutablePointer<Float>, _ factors: (_ lane: Int, _ channel: Int) -> (Double, Double, Double)
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * Blocked.block) { memory in
      let a = memory.baseAddress!
      let (b, c) = (a + Blocked.block, a + 2 * Blocked.block)
      a.update(repeating: 0, count: 3 * Blocked.block)
      for lane in 0..<min(Blocked.block, channels - chunk * Blocked.block) {
        let found = factors(lane, chunk * Blocked.block + lane)
        (a[lane], b[lane], c[lane]) = (Float(found.0), Float(found.1), Float(found.2))
      }
      weft_kernels().pointee.blocked_combine(batch, area, step, x, z, a, b, c, rectifies ? 1 : 0, to)
    }
  }
}
