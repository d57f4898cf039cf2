import Tensors

extension Tensor {
  /// The elements of [N, C, H, W] in blocks of 16 channels, the last one filled up with zeros.
  public var blocks: [Float] {
    let (channels, area) = (shape[1], shape[2] * shape[3])
    let blocks = (channels + 15) / 16
    let values = elements(Float.self)
    var result = [Float](repeating: 0, count: shape[0] * blocks * area * 16)
    for index in 0..<count {
      let (image, channel, place) = (index / area / channels, index / area % channels, index % area)
      result[((image * blocks + channel / 16) * area + place) * 16 + channel % 16] = values[index]
    }
    return result
  }
}
