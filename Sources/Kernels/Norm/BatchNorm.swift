/// Normalisation of each channel of [batch, channels, area] over batch and area.
public struct BatchNorm: Sendable, Hashable {
  public let batch: Int
  public let channels: Int
  public let area: Int
  public let epsilon: Float

  public init(batch: Int, channels: Int, area: Int, epsilon: Float = 1e-5) {
    self.batch = batch
    self.channels = channels
    self.area = area
    self.epsilon = epsilon
  }

  /// y = x * factor + offset per channel, for a range of planes (image * channels + channel). For inference,
  /// factor = scale / sqrt(variance + epsilon) and offset = shift - mean * factor (`fold`).
  public func apply(
    planes: Range<Int>, x: UnsafePointer<Float>, factor: UnsafePointer<Float>, offset: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>
  ) {
    for plane in planes {
      let channel = plane % channels
      Slab.affine(x + plane * area, scale: factor[channel], shift: offset[channel], y + plane * area, count: area)
    }
  }

  /// The factor and offset of each channel of a range; a missing scale is 1, a missing shift 0.
  public func fold(
    channels range: Range<Int>, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?, factor: UnsafeMutablePointer<Float>,
    offset: UnsafeMutablePointer<Float>
  ) {
    for channel in range {
      let slope = Double(scale?[channel] ?? 1) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
      factor[channel] = Float(slope)
      offset[channel] = Float(Double(shift?[channel] ?? 0) - Double(mean[channel]) * slope)
    }
  }

  /// The mean and biased variance of each channel of a range, in Double, images in order.
  public func statistics(
    channels range: Range<Int>, x: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
    variance: UnsafeMutablePointer<Float>
  ) {
    let count = Double(max(1, batch * area))
    for channel in range {
      var sum = 0.0
      for image in 0..<batch { sum += Slab.sum(x + (image * channels + channel) * area, count: area) }
      let centre = sum / count
      var spread = 0.0
      for image in 0..<batch {
        let moments = Moments(x + (image * channels + channel) * area, count: area)
        spread += (moments.variance + (moments.mean - centre) * (moments.mean - centre)) * Double(area)
      }
      mean[channel] = Float(centre)
      variance[channel] = Float(spread / count)
    }
  }

  /// dx, dScale and dShift of each channel of a range, through the batch statistics.
  public func gradient(
    channels range: Range<Int>, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, mean: UnsafePointer<Float>,
    variance: UnsafePointer<Float>, scale: UnsafePointer<Float>?, dx: UnsafeMutablePointer<Float>,
    dScale: UnsafeMutablePointer<Float>?, dShift: UnsafeMutablePointer<Float>?
  ) {
    let count = Double(max(1, batch * area))
    for channel in range {
      let factor = Float(1 / (Double(variance[channel]) + Double(epsilon)).squareRoot())
      let centre = mean[channel]
      var (total, product) = (0.0, 0.0)
      for image in 0..<batch {
        let offset = (image * channels + channel) * area
        total += Slab.sum(dy + offset, count: area)
        for i in offset..<offset + area { product += Double(dy[i]) * Double((x[i] - centre) * factor) }
      }
      dShift?[channel] = Float(total)
      dScale?[channel] = Float(product)
      let gain = factor * (scale?[channel] ?? 1)
      let (a, b) = (Float(total / count), Float(product / count))
      for image in 0..<batch {
        let offset = (image * channels + channel) * area
        for i in offset..<offset + area { dx[i] = gain * (dy[i] - a - (x[i] - centre) * factor * b) }
      }
    }
  }
}
