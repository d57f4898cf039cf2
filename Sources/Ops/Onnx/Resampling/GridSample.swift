import Language
import Tensors

/// ONNX GridSample (16 to 22) over any number of axes: X [N, C, D…] read at grid [N, out…, rank] of coordinates in -1...1, the last
/// axis first. Outside: zeros, the border, or a reflection of the picture.
enum GridSample {
  static let op = OnnxOperator.make(
    "GridSample", "A tensor read at given places.", "X grid", "Y",
    [
      .attribute("mode", words: ["linear", "nearest", "cubic", "bilinear", "bicubic"]),
      .attribute("padding_mode", words: ["zeros", "border", "reflection"]), .flag("align_corners"),
    ],
    infer: { facts throws(Fault) in
      let (x, grid) = (facts.tensor("X"), facts.tensor("grid"))
      guard let shape = x.shape, let places = grid.shape, shape.count == places.count, shape.count > 2 else {
        return [Inference.tensor(x.dtype)]
      }
      return [Inference.tensor(x.dtype, Array(shape[..<2]) + Array(places[1..<(places.count - 1)]))]
    }
  ) { call throws(Fault) in
    let (x, grid) = (try call.tensor("X"), try call.tensor("grid").requireFloat("grid"))
    guard x.rank >= 3, grid.rank == x.rank, grid.shape[0] == x.shape[0], grid.shape.last == x.rank - 2 else {
      throw .disagree("X", x.shape, "grid", grid.shape, "the grid is [N, out…, rank]")
    }
    let spatial = Array(x.shape[2...])
    guard !spatial.contains(0) else { throw .rank("X", x.shape, "no empty axis") }
    let a = call.attributes
    let samplers = spatial.map {
      GridAxis(
        extent: $0, mode: a.string("mode"), padding: a.string("padding_mode"), isAligned: call.flag("align_corners"))
    }
    let shape = Array(x.shape[..<2]) + Array(grid.shape[1..<(grid.rank - 1)])
    var result = Array(repeating: 0.0, count: try Extents.count(shape))
    let (values, places) = (x.doubles(), grid.doubles())
    let (channels, area, rank) = (x.shape[1], spatial.reduce(1, *), spatial.count)
    let count = shape[2...].reduce(1, *)
    let strides = Extents.strides(spatial)
    for image in 0..<x.shape[0] {
      for place in 0..<count {
        let at = (image * count + place) * rank
        // All combinations of one tap per axis; taps outside a zero border are absent.
        var taps = [(offset: 0, weight: 1.0)]
        for axis in 0..<rank {
          let along = samplers[axis].taps(places[at + rank - 1 - axis])
          taps = taps.flatMap { tap in
            along.map { (tap.offset + $0.index * strides[axis], tap.weight * $0.weight) }
          }
        }
        for channel in 0..<channels {
          let plane = (image * channels + channel)
          result[plane * count + place] = taps.reduce(0) { $0 + $1.weight * values[plane * area + $1.offset] }
        }
      }
    }
    return [.rounding(result, shape, to: x.dtype)]
  }
}

/// One axis of a sampled tensor.
private struct GridAxis {
  let extent: Int
  let mode: String
  let padding: String
  let isAligned: Bool

  private var low: Double { isAligned ? 0 : -0.5 }
  private var high: Double { Double(extent) - (isAligned ? 1 : 0.5) }

  /// Indices and weights for a coordinate in -1...1.
  func taps(_ coordinate: Double) -> [(index: Int, weight: Double)] {
    let length = Double(extent)
    var x = isAligned ? (coordinate + 1) / 2 * (length - 1) : ((coordinate + 1) * length - 1) / 2
    if mode == "nearest" { x = x.rounded(.toNearestOrEven) }
    guard x.isFinite, abs(x) < 1e9 else { return [] }
    if x < low || x > high {
      if padding == "border" { x = min(max(x, 0), length - 1) }
      if padding == "reflection" { x = reflected(x) }
    }
    let left = x.rounded(.down)
    let (first, weights) = weights(x - left)
    return weights.enumerated().compactMap { tap, weight in index(Int(left) + first + tap).map { ($0, weight) } }
  }

  private func weights(_ fraction: Double) -> (first: Int, weights: [Double]) {
    switch mode {
    case "nearest": return (0, [1])
    case "linear", "bilinear": return (0, [1 - fraction, fraction])
    default:
      // Keys 1981 with a = -0.75.
      let a = -0.75
      func far(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
      func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
      return (-1, [far(fraction + 1), near(fraction), near(1 - fraction), far(2 - fraction)])
    }
  }

  /// The element that stands for index `index`; nil for a zero.
  private func index(_ index: Int) -> Int? {
    if (0..<extent).contains(index) { return index }
    switch padding {
    case "border": return min(max(index, 0), extent - 1)
    case "reflection": return min(max(Int(reflected(Double(index))), 0), extent - 1)
    default: return nil
    }
  }

  private func reflected(_ x: Double) -> Double {
    let range = high - low
    guard range > 0 else { return low }
    let distance = x < low ? low - x : x - high
    guard distance > 0 else { return x }
    let turns = (distance / range).rounded(.down)
    let rest = distance - turns * range
    return (turns.truncatingRemainder(dividingBy: 2) == 0) == (x < low) ? low + rest : high - rest
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GridSample.op, $0) }
