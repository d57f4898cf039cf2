/// The weights of a resize along one axis: output i is the sum of weights[i * taps + t] * input[starts[i] + t], t in
/// 0..<counts[i]. The same form serves every filter, the gradient (`transposed`) and, rounded, 8-bit images.
public struct ResizeTable: Sendable, Hashable {
  public enum Filter: String, Sendable, Hashable, CaseIterable {
    /// The nearest element; see `Coordinates` for where the rounding falls.
    case nearest
    case bilinear
    /// Cubic with a = -0.75 (PyTorch, OpenCV).
    case bicubic
    /// Cubic with a = -0.5 (Pillow).
    case catmullRom
    case box
    case hamming
    case lanczos

    /// Half of the filter's width at scale 1.
    var support: Double {
      switch self {
      case .nearest, .box: 0.5
      case .bilinear, .hamming: 1
      case .bicubic, .catmullRom: 2
      case .lanczos: 3
      }
    }
  }

  /// How output positions map to input positions.
  public enum Coordinates: String, Sendable, Hashable, CaseIterable {
    /// (i + 1/2) * scale - 1/2 (PyTorch align_corners = false, OpenCV); edges repeat.
    case halfPixel
    /// i * (input - 1) / (output - 1) (PyTorch align_corners = true).
    case alignCorners
    /// i * scale (ONNX asymmetric; nearest in PyTorch and OpenCV).
    case asymmetric
    /// Pillow: half-pixel, the filter widened when the image shrinks, weights cut at the edges and renormalised.
    case antialiased
  }

  public let input: Int
  public let output: Int
  /// The largest count.
  public let taps: Int
  public let starts: [Int32]
  public let counts: [Int32]
  /// output * taps, zeros beyond the count.
  public let weights: [Double]

  /// `range` is the part of the input, in elements, that is resized (Pillow's box); all of it by default.
  public init(
    input: Int, output: Int, filter: Filter, coordinates: Coordinates, range: ClosedRange<Double>? = nil
  ) {
    precondition(input >= 1 && output >= 0, "an axis has at least one element")
    let range = range ?? 0...Double(input)
    let scale = (range.upperBound - range.lowerBound) / Double(max(1, output))
    let rows: [(Int, [Double])] = (0..<output).map { index in
      switch coordinates {
      case .antialiased where filter != .nearest:
        return Self.widened(index, input, scale, range.lowerBound, filter)
      default:
        var position = range.lowerBound + (Double(index) + 0.5) * scale - 0.5
        if coordinates == .asymmetric { position = range.lowerBound + Double(index) * scale }
        if coordinates == .alignCorners {
          position = output > 1 ? Double(index) * Double(input - 1) / Double(output - 1) : 0
        }
        return Self.sampled(position, input, filter, coordinates)
      }
    }
    self.init(input: input, rows: rows)
  }

  private init(input: Int, rows: [(Int, [Double])]) {
    let taps = max(1, rows.map(\.1.count).max() ?? 1)
    self.input = input
    self.taps = taps
    output = rows.count
    starts = rows.map { Int32($0.0) }
    counts = rows.map { Int32($0.1.count) }
    weights = rows.flatMap { $0.1 + [Double](repeating: 0, count: taps - $0.1.count) }
  }

  /// The table of the gradient: from this output's axis to this input's.
  public var transposed: ResizeTable {
    var first = [Int](repeating: Int.max, count: input)
    var values = [[Double]](repeating: [], count: input)
    for index in 0..<output {
      for tap in 0..<Int(counts[index]) {
        let place = Int(starts[index]) + tap
        if first[place] == Int.max { first[place] = index }
        // Outputs that skip this element lie between with weight 0.
        let offset = index - first[place]
        values[place] += [Double](repeating: 0, count: max(0, offset + 1 - values[place].count))
        values[place][offset] += weights[index * taps + tap]
      }
    }
    return ResizeTable(input: output, rows: zip(first, values).map { ($0 == Int.max ? 0 : $0, $1) })
  }

  /// Whether the table copies its input.
  public var isIdentity: Bool {
    input == output
      && (0..<output).allSatisfy { index in
        (0..<Int(counts[index])).allSatisfy {
          weights[index * taps + $0] == (Int(starts[index]) + $0 == index ? 1 : 0)
        }
      }
  }

  /// A filter of fixed width about a position; places beyond the edge are moved onto it.
  private static func sampled(
    _ position: Double, _ input: Int, _ filter: Filter, _ coordinates: Coordinates
  ) -> (Int, [Double]) {
    guard filter != .nearest else {
      // Asymmetric nearest floors, as in PyTorch and OpenCV; the others round, halves down as in ONNX.
      let place = coordinates == .asymmetric ? position.rounded(.down) : (position - 0.5).rounded(.up)
      return (min(max(Int(place), 0), input - 1), [1])
    }
    let reach = Int(filter.support.rounded(.up))
    let base = Int(position.rounded(.down))
    let places = (base - reach + 1)...(base + reach)
    let clamped = places.map { min(max($0, 0), input - 1) }
    var row = [Double](repeating: 0, count: clamped.last! - clamped.first! + 1)
    for (place, target) in zip(places, clamped) {
      row[target - clamped.first!] += value(filter, position - Double(place))
    }
    return (clamped.first!, row)
  }

  /// Pillow's coefficients: support scaled by the shrinking factor, cut at the edges, divided by their sum.
  private static func widened(
    _ index: Int, _ input: Int, _ scale: Double, _ offset: Double, _ filter: Filter
  ) -> (Int, [Double]) {
    let widening = max(scale, 1)
    let support = filter.support * widening
    let centre = offset + (Double(index) + 0.5) * scale
    let first = max(0, Int(centre - support + 0.5))
    let last = min(input, Int(centre + support + 0.5))
    let inverse = 1 / widening
    var row = (0..<max(0, last - first)).map {
      value(filter, (Double($0 + first) - centre + 0.5) * inverse)
    }
    let sum = row.reduce(0, +)
    if sum != 0 { row = row.map { $0 / sum } }
    return (first, row)
  }

  static func value(_ filter: Filter, _ x: Double) -> Double {
    let t = abs(x)
    switch filter {
    case .nearest: return t < 0.5 ? 1 : 0
    case .box: return x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear: return t < 1 ? 1 - t : 0
    case .bicubic: return cubic(t, -0.75)
    case .catmullRom: return cubic(t, -0.5)
    case .hamming:
      if t == 0 { return 1 }
      return t >= 1 ? 0 : Trigonometry.sinc(t) * (0.54 + 0.46 * Trigonometry.cosine(t * .pi))
    case .lanczos: return x >= -3 && x < 3 ? Trigonometry.sinc(t) * Trigonometry.sinc(t / 3) : 0
    }
  }

  private static func cubic(_ t: Double, _ a: Double) -> Double {
    if t < 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0
  }
}
