import Kernels

/// Mean and spread of each channel over a batch, and the gradient through them.
struct BatchStatistics: Sendable {
  let planes: ChannelPlanes
  let epsilon: Double

  private var count: Double { Double(max(1, planes.batch * planes.area)) }

  private func start(_ image: Int, _ channel: Int) -> Int { (image * planes.channels + channel) * planes.area }

  /// The mean and biased variance of a channel, in Double, images in order.
  func moments(_ channel: Int, _ x: UnsafePointer<Float>) -> (mean: Double, variance: Double) {
    var sum = 0.0
    for image in 0..<planes.batch { sum += Slab.sum(x + start(image, channel), count: planes.area) }
    let mean = sum / count
    // About the mean, so that a large one does not eat the digits of a small spread.
    var spread = 0.0
    for image in 0..<planes.batch {
      let plane = x + start(image, channel)
      for index in 0..<planes.area {
        let distance = Double(plane[index]) - mean
        spread += distance * distance
      }
    }
    return (mean, spread / count)
  }

  /// y = x * factor + offset in all planes of a channel.
  func apply(
    _ channel: Int, _ x: UnsafePointer<Float>, factor: Double, offset: Double, _ y: UnsafeMutablePointer<Float>
  ) {
    for image in 0..<planes.batch {
      let start = start(image, channel)
      Slab.affine(x + start, scale: Float(factor), shift: Float(offset), y + start, count: planes.area)
    }
  }

  /// dx of a channel, and the gradients of its scale and shift.
  func gradient(
    _ channel: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, scale: Float,
    _ dx: UnsafeMutablePointer<Float>
  ) -> (scale: Double, shift: Double) {
    let (mean, variance) = moments(channel, x)
    let (centre, rate) = (Float(mean), Float(1 / (variance + epsilon).squareRoot()))
    var (total, product) = (0.0, 0.0)
    for image in 0..<planes.batch {
      let start = start(image, channel)
      total += Slab.sum(dy + start, count: planes.area)
      for index in start..<start + planes.area { product += Double(dy[index] * ((x[index] - centre) * rate)) }
    }
    let (gain, level, slope) = (rate * scale, Float(total / count), Float(product / count))
    for image in 0..<planes.batch {
      let start = start(image, channel)
      for index in start..<start + planes.area {
        dx[index] = gain * (dy[index] - level - (x[index] - centre) * rate * slope)
      }
    }
    return (product, total)
  }
}
