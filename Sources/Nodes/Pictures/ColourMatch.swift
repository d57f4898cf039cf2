import Images
import Language
import Tensors

/// Gives a picture the colours of another.
public enum ColourMatch {
  public static let op = Op(
    "image.color_match",
    doc: """
      The picture with the colour statistics of a reference (Gatys et al. 2016, "Preserving color in neural style \
      transfer"). mean_std: mean and deviation of each channel. cholesky and symmetric: mean and covariance of RGB by a \
      linear map made of Cholesky factors, or of symmetric square roots. luminance: mean and deviation of the brightness \
      only, colours kept. histogram: each channel's whole distribution.
      """,
    inputs: [Port("image", "image[H,W]"), Port("reference", "image")], outputs: [Port("image", "image[H,W]")],
    params: [
      Param(
        "method", .choice(["mean_std", "cholesky", "symmetric", "luminance", "histogram"]),
        default: .string("cholesky"), "what is made equal"),
      Param("strength", .number(.unit), default: .float(1), "0 leaves the picture as it is"),
    ],
    infer: { facts throws(Fault) in [facts.image("image").colour] },
    action: .host(
      Host { call throws(Fault) in
        let (source, reference) = (ColourSamples(try call.image("image")), ColourSamples(try call.image("reference")))
        guard source.pixelCount > 0, reference.pixelCount > 0 else { throw .failed("a picture without pixels") }
        var result = source
        switch call.attributes.string("method") {
        case "mean_std": meanAndDeviation(&result, reference)
        case "luminance": luminance(&result, reference)
        case "histogram": histogram(&result, reference)
        case "symmetric":
          linear(&result, reference) { wanted, own in
            wanted.applying { max($0, 0).squareRoot() } * own.applying { 1 / max($0, 1e-12).squareRoot() }
          }
        default: linear(&result, reference) { wanted, own in wanted.cholesky * own.cholesky.lowerInverse }
        }
        let strength = call.attributes.number("strength")
        if strength < 1 {
          for index in result.values.indices {
            result.values[index] = source.values[index] + strength * (result.values[index] - source.values[index])
          }
        }
        return [.image(result.image)]
      }))

  private static func meanAndDeviation(_ samples: inout ColourSamples, _ reference: ColourSamples) {
    let (own, wanted) = (samples.mean, reference.mean)
    let (spread, target) = (samples.covariance(own), reference.covariance(wanted))
    for c in 0..<3 {
      let gain = spread[c, c] > 0 ? (target[c, c] / spread[c, c]).squareRoot() : 0
      for index in stride(from: c, to: samples.values.count, by: 3) {
        samples.values[index] = (samples.values[index] - own[c]) * gain + wanted[c]
      }
    }
  }

  private static func luminance(_ samples: inout ColourSamples, _ reference: ColourSamples) {
    let (own, wanted) = (moments(samples), moments(reference))
    let gain = own.deviation > 0 ? wanted.deviation / own.deviation : 0
    for pixel in 0..<samples.pixelCount {
      let old = samples.luminance(pixel)
      let change = (old - own.mean) * gain + wanted.mean - old
      for c in 0..<3 { samples.values[3 * pixel + c] += change }
    }
  }

  private static func moments(_ samples: ColourSamples) -> (mean: Double, deviation: Double) {
    let (mean, spread) = (samples.mean, samples.covariance(samples.mean))
    let weights = [0.299, 0.587, 0.114]
    var variance = 0.0
    for i in 0..<3 { for j in 0..<3 { variance += weights[i] * weights[j] * spread[i, j] } }
    return (zip(weights, mean).reduce(0) { $0 + $1.0 * $1.1 }, max(variance, 0).squareRoot())
  }

  /// x' = A (x - mean) + wanted mean. A little is added to both diagonals, so that a grey picture has an inverse.
  private static func linear(
    _ samples: inout ColourSamples, _ reference: ColourSamples, _ map: (Matrix3, Matrix3) -> Matrix3
  ) {
    let (own, wanted) = (samples.mean, reference.mean)
    var (spread, target) = (samples.covariance(own), reference.covariance(wanted))
    for i in 0..<3 {
      spread[i, i] += 1e-8
      target[i, i] += 1e-8
    }
    let a = map(target, spread)
    for pixel in 0..<samples.pixelCount {
      let d = (0..<3).map { samples.values[3 * pixel + $0] - own[$0] }
      for c in 0..<3 { samples.values[3 * pixel + c] = a[c, 0] * d[0] + a[c, 1] * d[1] + a[c, 2] * d[2] + wanted[c] }
    }
  }

  /// Each level goes to the lowest level of the reference whose share of pixels at or below it is as large.
  private static func histogram(_ samples: inout ColourSamples, _ reference: ColourSamples) {
    let levels = samples.format.bits == 8 ? 256 : 65536
    func shares(_ picture: ColourSamples, _ channel: Int) -> [Double] {
      var counts = [Int](repeating: 0, count: levels)
      for index in stride(from: channel, to: picture.values.count, by: 3) {
        counts[Int((picture.values[index] * Double(levels - 1)).rounded())] += 1
      }
      var sum = 0
      return counts.map { count in
        sum += count
        return Double(sum) / Double(picture.pixelCount)
      }
    }
    for channel in 0..<3 {
      let (own, wanted) = (shares(samples, channel), shares(reference, channel))
      var map = [Double](repeating: 0, count: levels)
      var target = 0
      for level in 0..<levels {
        while target < levels - 1, wanted[target] < own[level] - 1e-12 { target += 1 }
        map[level] = Double(target) / Double(levels - 1)
      }
      for index in stride(from: channel, to: samples.values.count, by: 3) {
        samples.values[index] = map[Int((samples.values[index] * Double(levels - 1)).rounded())]
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ColourMatch.op, $0) }
