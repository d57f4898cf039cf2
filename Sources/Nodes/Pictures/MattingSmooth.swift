import Images
import Language
import Tensors

/// Makes a stylised photo follow the edges of its original.
public enum MattingSmooth {
  public static let op = Op(
    "image.matting_smooth",
    doc: """
      The picture r with (I - alpha S) r = (1 - alpha) image, S the matting affinity of the guide in windows of 3×3 \
      (Levin et al. 2008): pixels that look alike in the guide look alike in the result, as the second step of \
      FastPhotoStyle (Li et al. 2018). The rows of S add up to 1, so that the border, which few windows reach, does not \
      darken. Solved by conjugate gradients.
      """,
    inputs: [Port("image", "image[H,W]"), Port("guide", "image", .one, "the photo, of the same size")],
    outputs: [Port("image", "image[H,W]")],
    params: [
      Param("alpha", .number(0...0.999999), default: .float(0.9999), "how much neighbours count"),
      Param("epsilon", .number(1e-12...1), default: .float(1e-7), "added to the variance of a window"),
      Param("steps", .int(1...10_000), default: .int(200), "conjugate gradient steps at most"),
      Param("tolerance", .number(0...1), default: .float(1e-5), "remainder, as a share of the first, that ends them"),
    ],
    infer: { facts throws(Fault) in [facts.image("image").colour] },
    action: .host(
      Host { call throws(Fault) in
        var (image, guide) = try call.colourPair("image", "guide")
        guard image.height >= 3, image.width >= 3 else { throw .failed("a picture of at least 3×3 pixels is needed") }
        let affinity = MattingAffinity(guide, epsilon: call.attributes.number("epsilon"))
        let alpha = call.attributes.number("alpha")
        for channel in 0..<3 {
          let y = stride(from: channel, to: image.values.count, by: 3).map { image.values[$0] }
          let r = affinity.solve(
            y, alpha: alpha, steps: call.attributes.int("steps"), tolerance: call.attributes.number("tolerance"))
          for (pixel, value) in r.enumerated() { image.values[3 * pixel + channel] = value }
        }
        return [.image(image.image)]
      }))
}

/// W of Levin, Lischinski and Weiss (A Closed-Form Solution to Natural Image Matting, eq. 12), as 25 diagonals.
private struct MattingAffinity {
  let height: Int
  let width: Int
  /// Per pixel and neighbour (dy, dx) within two: the affinity.
  private var weights: [Double]
  /// D: the sum of each row.
  private var sums: [Double] = []

  init(_ guide: ColourSamples, epsilon: Double) {
    (height, width) = (guide.height, guide.width)
    weights = [Double](repeating: 0, count: 25 * height * width)
    for top in 0..<height - 2 {
      for left in 0..<width - 2 {
        let pixels = (0..<9).map { (top + $0 / 3) * width + left + $0 % 3 }
        var mean = [0.0, 0, 0]
        for pixel in pixels { for c in 0..<3 { mean[c] += guide.values[3 * pixel + c] / 9 } }
        var covariance = Matrix3()
        for pixel in pixels {
          let d = (0..<3).map { guide.values[3 * pixel + $0] - mean[$0] }
          for i in 0..<3 { for j in 0..<3 { covariance[i, j] += d[i] * d[j] / 9 } }
        }
        for i in 0..<3 { covariance[i, i] += epsilon / 9 }
        let lower = covariance.cholesky.lowerInverse
        // (I_i - μ)ᵀ Σ⁻¹ (I_j - μ) = (L⁻¹ d_i) · (L⁻¹ d_j).
        let turned = pixels.map { pixel -> SIMD3<Double> in
          let d = (0..<3).map { guide.values[3 * pixel + $0] - mean[$0] }
          return SIMD3(
            lower[0, 0] * d[0], lower[1, 0] * d[0] + lower[1, 1] * d[1],
            lower[2, 0] * d[0] + lower[2, 1] * d[1] + lower[2, 2] * d[2])
        }
        for i in 0..<9 {
          for j in 0..<9 {
            let slot = (j / 3 - i / 3 + 2) * 5 + j % 3 - i % 3 + 2
            weights[25 * pixels[i] + slot] += (1 + (turned[i] * turned[j]).sum()) / 9
          }
        }
      }
    }
    sums = (0..<height * width).map { pixel in (0..<25).reduce(0.0) { $0 + weights[25 * pixel + $1] } }
  }

  /// D x - alpha W x: I - alpha D⁻¹ W made symmetric.
  private func apply(_ x: [Double], alpha: Double) -> [Double] {
    var result = zip(sums, x).map { $0 * $1 }
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        var sum = 0.0
        for dy in -2...2 where row + dy >= 0 && row + dy < height {
          for dx in -2...2 where column + dx >= 0 && column + dx < width {
            let other = pixel + dy * width + dx
            sum += weights[25 * pixel + (dy + 2) * 5 + dx + 2] * x[other]
          }
        }
        result[pixel] -= alpha * sum
      }
    }
    return result
  }

  func solve(_ y: [Double], alpha: Double, steps: Int, tolerance: Double) -> [Double] {
    // Starting from y itself: the answer is y made smoother.
    var x = y
    let first = apply(x, alpha: alpha)
    var rest = y.indices.map { (1 - alpha) * sums[$0] * y[$0] - first[$0] }
    var direction = rest
    var square = rest.reduce(0.0) { $0 + $1 * $1 }
    let limit = square * tolerance * tolerance
    for _ in 0..<steps where square > limit && square > 0 {
      let image = apply(direction, alpha: alpha)
      let slope = zip(direction, image).reduce(0.0) { $0 + $1.0 * $1.1 }
      guard slope > 0 else { break }
      let length = square / slope
      for index in x.indices {
        x[index] += length * direction[index]
        rest[index] -= length * image[index]
      }
      let next = rest.reduce(0.0) { $0 + $1 * $1 }
      for index in x.indices { direction[index] = rest[index] + next / square * direction[index] }
      square = next
    }
    return x
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MattingSmooth.op, $0) }
