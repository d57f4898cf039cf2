import Language
import Tensors

/// ONNX Resize (10 to 19) and Upsample (7 to 10), axis by axis over any number of axes. `nearest` moves elements of any type;
/// `linear` and `cubic` are computed in Double (integers are cut off).
enum Resize {
  static let ops = [
    OnnxOperator.make(
      "Resize", "A tensor resampled to another size.", "X roi? scales? sizes?", "Y",
      [
        .attribute("mode", words: ["nearest", "linear", "cubic"]), .attribute("cubic_coeff_a", float: -0.75),
        .attribute(
          "coordinate_transformation_mode",
          words: [
            "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
            "tf_half_pixel_for_nn", "tf_crop_and_resize",
          ]),
        .attribute("nearest_mode", words: ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]),
        .attribute("keep_aspect_ratio_policy", words: ["stretch", "not_larger", "not_smaller"]), .ints("axes"),
        .flag("antialias"), .flag("exclude_outside"), .attribute("extrapolation_value", float: 0),
      ], infer: infer
    ) { call throws(Fault) in
      let x = try call.tensor("X")
      let axes = try axes(call, x)
      // Version 10 knew one way: asymmetric, rounding down.
      if call.opset < 11 { return [try resample(x, axes, call.attributes.string("mode"), "asymmetric", "floor")] }
      let a = call.attributes
      return [
        try resample(
          x, axes, a.string("mode"), a.string("coordinate_transformation_mode"), a.string("nearest_mode"),
          cubic: a.number("cubic_coeff_a"), isAntialiased: call.flag("antialias"),
          excludesOutside: call.flag("exclude_outside"), outside: a.number("extrapolation_value"))
      ]
    },
    OnnxOperator.make(
      "Upsample", "A tensor enlarged.", "X scales?", "Y",
      [.attribute("mode", words: ["nearest", "linear", "bilinear"]), .floats("scales")], infer: infer
    ) { call throws(Fault) in
      let x = try call.tensor("X")
      let given = call.attributes.has("scales") ? call.attributes.numbers("scales") : nil
      guard let scales = try call.optional("scales")?.doubles() ?? given else { throw .noTensor("scales") }
      let mode = call.attributes.string("mode") == "nearest" ? "nearest" : "linear"
      return [try resample(x, try scaled(x.shape, scales), mode, "asymmetric", "floor")]
    },
  ]

  private static let infer: Op.Inference = { facts throws(Fault) in
    let x = facts.tensor("X")
    return [Inference.tensor(x.dtype, x.shape.map { Inference.unknown(rank: $0.count) })]
  }

  private static func scaled(_ shape: [Int], _ scales: [Double]) throws(Fault) -> [ResizeAxis] {
    guard scales.count == shape.count else { throw .listLength("scales", scales.count, shape.count) }
    var axes: [ResizeAxis] = []
    for (extent, scale) in zip(shape, scales) {
      guard scale > 0, scale * Double(extent) < 1e15 else { throw .attribute("scales", "\(scale) is out of range") }
      axes.append(ResizeAxis(input: extent, output: Int(scale * Double(extent)), scale: scale))
    }
    return axes
  }

  /// From `scales` or `sizes` (of `axes`, or of all) and the region of interest.
  private static func axes(_ call: HostCall, _ x: Tensor) throws(Fault) -> [ResizeAxis] {
    let chosen =
      try call.ints("axes").map { axes throws(Fault) in try Axes.resolved(axes, rank: x.rank) }
      ?? Array(0..<x.rank)
    var result = x.shape.map { ResizeAxis(input: $0, output: $0, scale: 1) }
    if let sizes = try call.integers(at: "sizes"), !sizes.isEmpty {
      guard sizes.count == chosen.count else { throw .listLength("sizes", sizes.count, chosen.count) }
      _ = try Extents.count(sizes)
      let scales = zip(chosen, sizes).map { Double($1) / Double(max(1, x.shape[$0])) }
      let policy = call.attributes.string("keep_aspect_ratio_policy")
      for (place, axis) in chosen.enumerated() {
        let extent = x.shape[axis]
        if policy == "stretch" {
          result[axis] = ResizeAxis(input: extent, output: sizes[place], scale: scales[place])
        } else {
          let scale = (policy == "not_larger" ? scales.min() : scales.max()) ?? 1
          result[axis] = ResizeAxis(input: extent, output: Int(scale * Double(extent) + 0.5), scale: scale)
        }
      }
    } else {
      guard let scales = try call.optional("scales")?.doubles(), scales.count == chosen.count else {
        throw .listLength("scales", try call.optional("scales")?.count ?? 0, chosen.count)
      }
      let resized = try scaled(chosen.map { x.shape[$0] }, scales)
      for (place, axis) in chosen.enumerated() { result[axis] = resized[place] }
    }
    if call.attributes.string("coordinate_transformation_mode") == "tf_crop_and_resize" {
      guard let region = try call.optional("roi")?.doubles(), region.count == 2 * chosen.count else {
        throw .listLength("roi", try call.optional("roi")?.count ?? 0, 2 * chosen.count)
      }
      for (place, axis) in chosen.enumerated() { result[axis].region = (region[place], region[place + chosen.count]) }
    }
    return result
  }

  private static func resample(
    _ x: Tensor, _ axes: [ResizeAxis], _ mode: String, _ coordinates: String, _ rounding: String,
    cubic: Double = -0.75, isAntialiased: Bool = false, excludesOutside: Bool = false, outside: Double = 0
  ) throws(Fault) -> Tensor {
    let shape = axes.map(\.output)
    _ = try Extents.count(shape)
    if shape.contains(0) { return .zeros(x.dtype, shape: shape) }
    if x.shape.contains(0) { throw .rank("X", x.shape, "no empty axis") }
    if mode == "nearest" {
      let fill = Tensor(shape: [], [outside]).converted(to: x.dtype)
      return try AxisGather(x, axes.map { $0.nearest(coordinates, rounding: rounding) }, fill: fill).dense()
    }
    var (values, current) = (x.doubles(), x.shape)
    for (place, axis) in axes.enumerated() where !axis.isIdentity {
      let taps = axis.taps(
        coordinates, excludesOutside: excludesOutside,
        axis.kernel(mode, cubic: cubic, isAntialiased: isAntialiased))
      values = apply(taps, values, current, place, outside)
      current[place] = axis.output
    }
    return .rounding(values, shape, to: x.dtype)
  }

  /// One axis resampled. Elements beyond the ends are those at the ends.
  private static func apply(
    _ taps: [ResizeAxis.Taps?], _ values: [Double], _ shape: [Int], _ axis: Int, _ outside: Double
  ) -> [Double] {
    let (outer, extent, inner) = Extents.around(axis, shape)
    var result = Array(repeating: outside, count: outer * taps.count * inner)
    values.withUnsafeBufferPointer { values in
      for row in 0..<outer {
        for (place, tap) in taps.enumerated() {
          guard let tap else { continue }
          let target = (row * taps.count + place) * inner
          for column in 0..<inner { result[target + column] = 0 }
          for (offset, weight) in tap.weights.enumerated() where weight != 0 {
            let source = (row * extent + min(max(tap.first + offset, 0), extent - 1)) * inner
            for column in 0..<inner { result[target + column] += weight * values[source + column] }
          }
        }
      }
    }
    return result
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Resize.ops, $0) }
