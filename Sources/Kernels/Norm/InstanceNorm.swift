/// Normalisation of each plane of [batch, channels, area] by its own mean and biased variance:
/// y = (x - mean) / sqrt(variance + epsilon) * scale + shift.
public struct InstanceNorm: Sendable, Hashable {
  public let channels: Int
  public let area: Int
  public let epsilon: Float

  public init(channels: Int, area: Int, epsilon: Float = 1e-5) {
    self.channels = channels
    self.area = area
    self.epsilon = epsilon
  }

  /// y for a range of planes (image * channels + channel); `mean` and `inverse` (1 / sqrt(variance + epsilon)) have one
  /// element per plane and are kept for the gradient. Without scale and shift they are 1 and 0.
  public func forward(
    planes: Range<Int>, x: UnsafePointer<Float>, scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>, inverse: UnsafeMutablePointer<Float>
  ) {
    for plane in planes {
      let source = x + plane * area
      let moments = Moments(source, count: area)
      mean[plane] = Float(moments.mean)
      let factor = 1 / (moments.variance + Double(epsilon)).squareRoot()
      inverse[plane] = Float(factor)
      let channel = plane % channels
      let slope = factor * Double(scale?[channel] ?? 1)
      Slab.affine(
        source, scale: Float(slope), shift: Float(Double(shift?[channel] ?? 0) - moments.mean * slope),
        y + plane * area, count: area)
    }
  }

  /// dx for a range of planes, from x, dy and what `forward` kept; `dScale` and `dShift`, one element per plane (to be
  /// summed over the batch), if asked.
  public func gradient(
    planes: Range<Int>, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, scale: UnsafePointer<Float>?,
    mean: UnsafePointer<Float>, inverse: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>,
    dScale: UnsafeMutablePointer<Float>?, dShift: UnsafeMutablePointer<Float>?
  ) {
    for plane in planes {
      let (source, slope, target) = (x + plane * area, dy + plane * area, dx + plane * area)
      let (centre, factor) = (mean[plane], inverse[plane])
      let total = Slab.sum(slope, count: area)
      var product = 0.0
      for i in 0..<area { product += Double(slope[i]) * Double((source[i] - centre) * factor) }
      dShift?[plane] = Float(total)
      dScale?[plane] = Float(product)
      let gain = factor * (scale?[plane % channels] ?? 1)
      let (a, b) = (Float(total / Double(area)), Float(product / Double(area)))
      for i in 0..<area { target[i] = gain * (slope[i] - a - (source[i] - centre) * factor * b) }
    }
  }
}

/// The mean and the biased variance of floats, in Double and in two passes.
struct Moments {
  let mean: Double
  let variance: Double

  init(_ x: UnsafePointer<Float>, count: Int) {
    mean = Slab.sum(x, count: count) / Double(max(1, count))
    var lanes = SIMD4<Double>.zero
    let centre = SIMD4<Double>(repeating: mean)
    var i = 0
    while i + 4 <= count {
      let d = SIMD4<Double>(SIMD4(x[i], x[i + 1], x[i + 2], x[i + 3])) - centre
      lanes += d * d
      i += 4
    }
    var sum = lanes.sum()
    while i < count {
      sum += (Double(x[i]) - mean) * (Double(x[i]) - mean)
      i += 1
    }
    variance = sum / Double(max(1, count))
  }
}
