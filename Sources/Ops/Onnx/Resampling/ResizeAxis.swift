import Language

/// How one axis is resampled (ONNX Resize, "coordinate_transformation_mode" and following): for every place of the result the
/// first source index and the weights of it and those after it, or nil where the result is extrapolated.
struct ResizeAxis {
  let input: Int
  let output: Int
  let scale: Double
  /// Where the region of interest begins and ends, in units of the axis; for `tf_crop_and_resize`.
  var region: (start: Double, end: Double) = (0, 1)

  /// Whether resampling would change nothing.
  var isIdentity: Bool { input == output && abs(scale - 1) <= 1e-9 && region.start == 0 && region.end == 1 }

  /// The source coordinate of a place; nil outside the source for `tf_crop_and_resize`.
  func coordinate(_ place: Int, _ mode: String) -> Double? {
    let (x, width, resized) = (Double(place), Double(input), scale * Double(input))
    switch mode {
    case "align_corners": return resized == 1 ? 0 : x * (width - 1) / (resized - 1)
    case "asymmetric": return x / scale
    case "tf_crop_and_resize":
      let span = (region.end - region.start) * (width - 1)
      let at = region.start * (width - 1) + (resized == 1 ? span / 2 : x * span / (resized - 1))
      return at < 0 || at > width - 1 ? nil : at
    case "pytorch_half_pixel": return resized == 1 ? -0.5 : (x + 0.5) / scale - 0.5
    case "half_pixel_symmetric":
      return width / 2 * (1 - Double(output) / resized) + (x + 0.5) / scale - 0.5
    default: return (x + 0.5) / scale - 0.5
    }
  }

  /// The nearest source index per place; -1 where the result is extrapolated.
  func nearest(_ mode: String, rounding: String) -> [Int] {
    (0..<output).map { place in
      guard let x = coordinate(place, mode) else { return -1 }
      let rounded: Double =
        switch rounding {
        case "floor": x.rounded(.down)
        case "ceil": x.rounded(.up)
        case "round_prefer_ceil": (x + 0.5).rounded(.down)
        default: (x - 0.5).rounded(.up)
        }
      return Int(min(max(rounded, 0), Double(input - 1)))
    }
  }

  typealias Taps = (first: Int, weights: [Double])

  /// `kernel` gives the weights for a fraction in 0 < f ≤ 1: how far the coordinate lies beyond the element on its left.
  func taps(_ mode: String, excludesOutside: Bool, _ kernel: (Double) -> [Double]) -> [Taps?] {
    (0..<output).map { place in
      guard let x = coordinate(place, mode), x.isFinite, abs(x) < 1e15 else { return nil }
      let left = x.rounded(.up) - 1
      var weights = kernel(x - left)
      let first = Int(left) + 1 - weights.count / 2
      if excludesOutside {
        for tap in weights.indices where !(0..<input).contains(first + tap) { weights[tap] = 0 }
        let sum = weights.reduce(0, +)
        if sum != 0 { weights = weights.map { $0 / sum } }
      }
      return (first, weights)
    }
  }

  /// Weights of `linear` and `cubic`, stretched over more elements when the axis shrinks and `isAntialiased`.
  func kernel(_ mode: String, cubic a: Double, isAntialiased: Bool) -> (Double) -> [Double] {
    let support = mode == "linear" ? 1.0 : 2.0
    let shrink = isAntialiased ? min(scale, 1) : 1
    let first = Int((-support / shrink).rounded(.down)) + 1
    func weight(_ distance: Double) -> Double {
      let x = abs(distance)
      if mode == "linear" { return max(0, 1 - x) }
      if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
    return { fraction in
      let weights = (first..<(2 - first)).map { weight(shrink * (Double($0) - fraction)) }
      guard isAntialiased else { return weights }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
  }
}
