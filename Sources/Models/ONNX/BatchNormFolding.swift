import Language
import Tensors

/// A convolution with constant weights followed by batch normalisation, (x - mean) / sqrt(variance + epsilon) · scale +
/// shift, is a convolution: each output channel's weights times scale / sqrt(variance + epsilon), and a bias of
/// (bias - mean) times that, plus shift (Jacob et al. 2018, section 3.2).
public struct BatchNormFolding: Sendable, Hashable {
  /// Names of tensors of the file.
  let weight: String
  let bias: String?
  let scale: String
  let shift: String
  let mean: String
  let variance: String
  let epsilon: Double

  public init(
    weight: String, bias: String?, scale: String, shift: String, mean: String, variance: String, epsilon: Double
  ) {
    self.weight = weight
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
  }

  /// Computed in Double and rounded once.
  func fold(_ tensor: (String) throws(Fault) -> Tensor) throws(Fault) -> (weight: Tensor, bias: Tensor) {
    let kernel = try tensor(weight)
    let channels = kernel.shape.first ?? 0
    func vector(_ name: String) throws(Fault) -> [Float] {
      let vector = try tensor(name)
      guard vector.dtype == .f32, vector.shape == [channels] else {
        throw .failed("\"\(name)\" is \(vector.dtype.rawValue)\(vector.shape), not f32[\(channels)]")
      }
      return vector.elements(Float.self)
    }
    guard kernel.dtype == .f32, kernel.rank >= 2 else { throw .failed("\"\(weight)\" is no weight of a convolution") }
    let (scale, shift, mean, variance) = (try vector(scale), try vector(shift), try vector(mean), try vector(variance))
    var old: [Float] = Array(repeating: 0, count: channels)
    if let bias { old = try vector(bias) }
    var factors: [Double] = []
    var moved: [Float] = []
    for channel in 0..<channels {
      let factor = Double(scale[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
      factors.append(factor)
      let centred = Double(old[channel]) - Double(mean[channel])
      moved.append(Float(centred * factor + Double(shift[channel])))
    }
    let size = channels == 0 ? 1 : kernel.count / channels
    let source = kernel.elements(Float.self)
    let folded = Tensor(Float.self, shape: kernel.shape) { memory in
      for index in source.indices {
        memory.initializeElement(at: index, to: Float(Double(source[index]) * factors[index / size]))
      }
    }
    return (folded, Tensor(shape: [channels], moved))
  }
}
