import Kernels
import Language
import Tensors

/// The last two dimensions of a tensor at another size, differentiable.
public enum TensorResize {
  static let params = [
    Param("size", .ints(.positive, counts: [2]), default: .null, "Height and width of the result."),
    Param(
      "scale", .numbers(1e-6...1e6, counts: [2]), default: .null,
      "Factors for height and width, or one for both; sizes are rounded down."),
    Param(
      "mode", .choice(["nearest", "bilinear", "bicubic"]), default: .string("bilinear"),
      "What lies between the elements."
    ),
    Param(
      "convention", .choice(Resampling.Convention.allCases.map(\.rawValue)), default: .string("torch_half_pixel"),
      "Where the elements lie: torch_half_pixel, align_corners, opencv, asymmetric, or pillow (widens when shrinking)."),
  ]

  public static let op: Op = Op(
    "tensor.resize", doc: "Resamples the last two dimensions of a tensor to another size.",
    inputs: [Port("x", "tensor<f32>", .one, "[..., H, W]")],
    outputs: [Port("y", "tensor<f32>", .one, "[..., height, width]")], params: params,
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      let attributes = facts.attributes
      guard attributes.has("size") != attributes.has("scale") else {
        throw .params("one of the params \"size\" and \"scale\" is needed, not both")
      }
      guard let shape = type.shape else { return [.f32(nil)] }
      guard shape.count >= 2 else { throw .shape("x has \(shape.count) dimensions; at least 2 are needed") }
      var result = shape
      let places = [shape.count - 2, shape.count - 1]
      if attributes.has("size") {
        for (place, size) in zip(places, attributes.ints("size", count: 2)) { result[place] = Dim(size) }
      } else {
        for (place, factor) in zip(places, factors(attributes)) {
          result[place] = ImageResize.scaled(shape[place], factor) ?? .symbol("?\(place)")
        }
      }
      for place in places where shape[place].value == 0 {
        throw .shape("dimension \(place) of x is 0: there is nothing to resample")
      }
      return [.f32(result, type.meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let from = emitter.region.concrete(adjoint.operands[0]).shape
          var attributes: [String: Literal] = ["input": .ints(Array(from.suffix(2)))]
          for name in ["mode", "convention", "size", "scale"] { attributes[name] = adjoint.attributes[name] }
          return [try emitter.emit(gradient, [[adjoint.cotangent]], attributes)[0]]
        },
        batch: BatchRule { $0.hasStackedFirst && $0.rank > 2 ? $0.attributes : nil },
        select: { site throws(Fault) in
          let (from, to) = (site.operand(0).shape, site.result.shape)
          let (vertical, horizontal) = taps(site.attributes, from.suffix(2), to.suffix(2))
          return [
            FloatResampler(
              planes: to.dropLast(2).reduce(1, *), vertical: vertical, horizontal: horizontal, channels: 1
            ).choice(.f32)
          ] + nearest(site, vertical, horizontal)
        })))

  /// In blocks of channels the nearest element is moved by whole blocks.
  private static func nearest(_ site: Site, _ vertical: ResizeTable, _ horizontal: ResizeTable) -> [Choice] {
    guard site.attributes.string("mode") == "nearest", site.flatLayouts(keepsZero: true).contains(.blocked) else {
      return []
    }
    let (shape, block) = (site.result.shape, Blocked.block)
    let rows = shape[0] * Blocked.blocks(shape[1]) * shape[2]
    let chunking = Chunking(count: rows, unitCost: shape[3] * block)
    return [
      Choice(
        "nearest-blocks", operandLayouts: [.blocked], resultLayouts: [.blocked], chunks: chunking.chunks,
        seconds: Double(site.elements(.blocked)) / 4e9
      ) { call in
        for row in chunking.range(call.chunk) {
          let line = row / shape[2] * vertical.input + Int(vertical.starts[row % shape[2]])
          let from = UnsafeRawPointer(call.input(0) + line * horizontal.input * block)
          let to = UnsafeMutableRawPointer(call.output() + row * shape[3] * block)
          for column in 0..<shape[3] {
            let place = from + Int(horizontal.starts[column]) * block * MemoryLayout<Float>.stride
            // The sum of a filter begins at zero: a negative zero comes out as a positive one.
            let value = place.loadUnaligned(as: SIMD16<Float>.self) + 0
            (to + column * block * MemoryLayout<Float>.stride).storeBytes(of: value, as: SIMD16<Float>.self)
          }
        }
      }
    ]
  }

  /// dx from dy: the same resampling read the other way.
  static let gradient: Op = Op(
    "tensor.resize_gradient", doc: "The gradient of tensor.resize by its input.",
    inputs: [Port("g", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    params: params + [Param("input", .ints(.positive, counts: [2]), "Height and width of the input.")],
    isInternal: true,
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("g").shape else { return [.f32(nil)] }
      return [.f32(shape.dropLast(2) + facts.attributes.ints("input").map { Dim($0) })]
    },
    action: .numeric(
      Numeric(
        select: { site throws(Fault) in
          let (from, to) = (site.operand(0).shape, site.result.shape)
          let (vertical, horizontal) = taps(site.attributes, to.suffix(2), from.suffix(2))
          return [
            FloatResampler(
              planes: to.dropLast(2).reduce(1, *), vertical: vertical.transposed, horizontal: horizontal.transposed,
              channels: 1
            ).choice(.f32)
          ]
        })))

  private static func factors(_ attributes: Attributes) -> [Double] {
    let given = attributes.numbers("scale")
    return given.count == 2 ? given : [given[0], given[0]]
  }

  static func taps(
    _ attributes: Attributes, _ from: ArraySlice<Int>, _ to: ArraySlice<Int>
  ) -> (ResizeTable, ResizeTable) {
    let filter = Resampling.Filter(rawValue: attributes.string("mode"))!
    let convention = Resampling.Convention(rawValue: attributes.string("convention"))!
    // torch steps by the factor it was given, not by the quotient of the rounded sizes.
    let scales: [Double?] = attributes.has("scale") ? factors(attributes) : [nil, nil]
    return (
      Resampling.table(from.first!, to.first!, filter, convention, factor: scales[0]),
      Resampling.table(from.last!, to.last!, filter, convention, factor: scales[1])
    )
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TensorResize.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(TensorResize.gradient, $0) }
