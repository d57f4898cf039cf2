import Glibc

/// What lies between the pixels, and where pixels lie.
enum Resampling {
  enum Filter: String, Sendable, CaseIterable { case nearest, bilinear, bicubic, lanczos, box }

  /// Where output place o lies on the input axis, and whether the filter widens when shrinking.
  enum Convention: String, Sendable, CaseIterable {
    /// Half-pixel centres, filters widened by the shrink factor (Pillow's ImagingResample).
    case pillow
    /// Half-pixel centres, bilinear and bicubic (a = -0.75) not widened; box averages covered area; nearest rounds
    /// o · in / out down.
    case opencv
    /// torch.nn.functional.interpolate with align_corners false: as opencv for bilinear and bicubic.
    case torch = "torch_half_pixel"
    /// First and last centres coincide (align_corners true).
    case corners = "align_corners"
    /// o · in / out without half-pixel shift (ONNX asymmetric).
    case asymmetric
  }

  static func taps(_ input: Int, _ output: Int, _ filter: Filter, _ convention: Convention, ratio: Double? = nil)
    -> Taps
  {
    if input == 0 { return Taps(input: 1, rows: Array(repeating: [], count: output)) }
    let scale = ratio ?? Double(input) / Double(max(1, output))
    switch (filter, convention) {
    case (.nearest, .pillow): return nearestByPillow(input, output, scale)
    case (.nearest, .corners):
      return Taps(
        input: input,
        rows: (0..<output).map {
          [(Int(centre($0, input, output, scale, convention).rounded(.toNearestOrAwayFromZero)), 1)]
        })
    case (.nearest, _): return Taps(input: input, rows: (0..<output).map { [(Int(Double($0) * scale), 1)] })
    case (_, .pillow): return widened(input, output, scale, filter)
    case (.box, _): return area(input, output, scale)
    case (.lanczos, _): return widened(input, output, scale, filter)
    default:
      return Taps(
        input: input,
        rows: (0..<output).map { interpolated(centre($0, input, output, scale, convention), filter) })
    }
  }

  /// Output place o on the input axis, in units of pixels whose centres are integers.
  private static func centre(
    _ place: Int, _ input: Int, _ output: Int, _ scale: Double, _ convention: Convention
  ) -> Double {
    switch convention {
    case .corners: output > 1 ? Double(place) * Double(input - 1) / Double(output - 1) : 0
    case .asymmetric: Double(place) * scale
    case .pillow, .opencv, .torch: (Double(place) + 0.5) * scale - 0.5
    }
  }

  private static func interpolated(_ centre: Double, _ filter: Filter) -> [(index: Int, weight: Double)] {
    let floor = Int(centre.rounded(.down))
    let rest = centre - Double(floor)
    if filter == .bilinear {
      return rest == 0 ? [(floor, 1)] : [(floor, 1 - rest), (floor + 1, rest)]
    }
    // Keys' cubic with a = -0.75, as OpenCV and torch.
    return (-1...2).map { (floor + $0, cubic(Double($0) - rest, -0.75)) }
  }

  /// Pillow's ImagingResample: precompute_coeffs.
  private static func widened(_ input: Int, _ output: Int, _ scale: Double, _ filter: Filter) -> Taps {
    let widening = max(1, scale)
    let support = radius(filter) * widening
    return Taps(
      input: input,
      rows: (0..<output).map { place in
        let centre = (Double(place) + 0.5) * scale
        let low = max(0, Int(centre - support + 0.5))
        let high = min(input, Int(centre + support + 0.5))
        guard low < high else { return [(min(max(Int(centre), 0), input - 1), 1)] }
        let weights = (low..<high).map { value((Double($0) - centre + 0.5) * (1 / widening), filter) }
        let sum = weights.reduce(0, +)
        return zip(low..<high, weights).map { ($0, sum == 0 ? $1 : $1 * (1 / sum)) }
      })
  }

  /// Pillow's ImagingScaleAffine adds the step up, rounding as it goes.
  private static func nearestByPillow(_ input: Int, _ output: Int, _ scale: Double) -> Taps {
    var at = scale * 0.5
    return Taps(
      input: input,
      rows: (0..<output).map { _ in
        defer { at += scale }
        return [(Int(at), 1)]
      })
  }

  /// Each output place covers a stretch of the input; elements weigh as much as is covered of them (INTER_AREA).
  private static func area(_ input: Int, _ output: Int, _ scale: Double) -> Taps {
    Taps(
      input: input,
      rows: (0..<output).map { place in
        let low = Double(place) * scale
        let high = min(low + scale, Double(input))
        let indices = Int(low)...max(Int(low), Int(high.rounded(.up)) - 1)
        let covered = indices.map { max(0, min(high, Double($0 + 1)) - max(low, Double($0))) }
        let sum = covered.reduce(0, +)
        return zip(indices, covered).map { ($0, sum == 0 ? 1 : $1 / sum) }
      })
  }

  private static func radius(_ filter: Filter) -> Double {
    switch filter {
    case .nearest, .box: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  private static func value(_ x: Double, _ filter: Filter) -> Double {
    switch filter {
    case .nearest, .box: return x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear: return max(0, 1 - abs(x))
    case .bicubic: return cubic(x, -0.5)
    case .lanczos: return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
    }
  }

  private static func cubic(_ x: Double, _ a: Double) -> Double {
    let x = abs(x)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  private static func sinc(_ x: Double) -> Double {
    if x == 0 { return 1 }
    let angle = x * .pi
    return sin(angle) / angle
  }
}
