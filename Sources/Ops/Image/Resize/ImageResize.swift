import Kernels
import Language
import Tensors

/// Pictures of another size.
public enum ImageResize {
  /// The params of how pixels are made of pixels.
  static func resampling(filter: String, convention: String) -> [Param] {
    [
      Param(
        "filter", .choice(Resampling.Filter.allCases.map(\.rawValue)), default: .string(filter),
        "What lies between the pixels."),
      Param(
        "convention", .choice(["pillow", "opencv", "torch"]), default: .string(convention),
        "Whose resampling: pillow widens filters when shrinking; opencv and torch widen only box and lanczos."),
    ]
  }

  public static let op: Op = Op(
    "image.resize",
    doc: """
      Resizes a picture. Say the size by one of: width and height; width or height alone, longest, shortest or scale, \
      which keep the proportions (the other side is int(size * other / side), as torchvision, or with rounding=nearest the \
      whole number next to that; never below 1). \
      For 8-bit pictures pillow gives Pillow's own bytes, and opencv with bilinear OpenCV's, of which a few are off by one. Alpha is resampled like a colour.
      """,
    inputs: [Port("image", "image", .one, "Any pixel format.")],
    outputs: [Port("image", "image", .one, "The same pixel format.")],
    params: [
      Param("width", .int(.positive), default: .null, "Pixels across."),
      Param("height", .int(.positive), default: .null, "Pixels down."),
      Param("longest", .int(.positive), default: .null, "Pixels along the longer side."),
      Param("shortest", .int(.positive), default: .null, "Pixels along the shorter side."),
      Param("scale", .number(1e-6...1e6), default: .null, "Factor for both sides."),
      Param(
        "share", .number(1e-6...1e6), default: .float(1),
        "Factor for width, height, longest or shortest, where one is given; the product is rounded as rounding says."),
      Param(
        "rounding", .choice(["down", "nearest"]), default: .string("down"),
        "Where a side is no whole number; of two as near nearest takes the even one."),
      Param("enlarge", .bool, default: .bool(true), "Whether a picture may become larger; else it stays as it is."),
    ] + resampling(filter: "bicubic", convention: "pillow"),
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let (height, width) = try size(facts.attributes, image.height, image.width)
      return [.image(ImageType(format: image.format, height: height, width: width))]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        [choice(site.operand(0).shape, site.result.shape, site.result.dtype, site.attributes)]
      })))

  /// Height and width of the result; symbols where the rule needs numbers that are not known.
  static func size(_ attributes: Attributes, _ height: Dim, _ width: Dim) throws(Fault) -> (Dim, Dim) {
    let given = ["width", "height", "longest", "shortest", "scale"].filter { attributes.has($0) }
    guard given.count == 1 || given == ["width", "height"] else {
      throw .params(
        "the size takes width and height, or one of width, height, longest, shortest, scale; given: "
          + (given.isEmpty ? "none" : given.joined(separator: ", ")))
    }
    let isNearest = attributes.string("rounding") == "nearest"
    let unknown = (Dim.symbol("?height"), Dim.symbol("?width"))
    var result: (Dim, Dim)
    if given.count == 2 {
      result = (Dim(attributes.int("height")), Dim(attributes.int("width")))
    } else if given == ["scale"] {
      let factor = attributes.number("scale")
      result = (
        scaled(height, factor, isNearest) ?? unknown.0, scaled(width, factor, isNearest) ?? unknown.1
      )
    } else if let h = height.value, let w = width.value {
      let size = whole(attributes.int(given[0]), attributes.number("share"), isNearest)
      let fixesWidth: Bool =
        switch given[0] {
        case "width": true
        case "height": false
        case "longest": w >= h
        default: w <= h
        }
      let (own, other) = fixesWidth ? (max(1, w), h) : (max(1, h), w)
      // As torchvision's int(size * long / short), in whole numbers.
      let side = isNearest ? whole(other, Double(size) / Double(own), true) : max(1, size * other / own)
      result = fixesWidth ? (Dim(side), Dim(size)) : (Dim(size), Dim(side))
    } else {
      result = unknown
      let size = whole(attributes.int(given[0]), attributes.number("share"), isNearest)
      if given == ["width"] { result.1 = Dim(size) }
      if given == ["height"] { result.0 = Dim(size) }
    }
    guard !attributes.bool("enlarge") else { return result }
    if let h = height.value, let w = width.value, let newH = result.0.value, let newW = result.1.value {
      return newH > h || newW > w ? (height, width) : result
    }
    return unknown
  }

  private static func whole(_ extent: Int, _ factor: Double, _ isNearest: Bool) -> Int {
    max(1, Int((Double(extent) * factor).rounded(isNearest ? .toNearestOrEven : .down)))
  }

  static func scaled(_ extent: Dim, _ factor: Double, _ isNearest: Bool = false) -> Dim? {
    if let value = extent.value { return Dim(whole(value, factor, isNearest)) }
    if isNearest, factor < 1 { return nil }
    if factor == factor.rounded(), factor >= 1 { return extent * Dim(Int(factor)) }
    let inverse = (1 / factor).rounded()
    return 1 / inverse == factor ? extent / Int(inverse) : nil
  }

  /// From a picture [H, W, C] of `dtype` to another size, by the params `filter` and `convention`.
  static func choice(_ from: [Int], _ to: [Int], _ dtype: DType, _ attributes: Attributes) -> Choice {
    let filter = Resampling.Filter(rawValue: attributes.string("filter"))!
    let name = attributes.string("convention")
    let convention = name == "torch" ? .torch : Resampling.Convention(rawValue: name)!
    let input = Extent(from[0], from[1])
    let output = Extent(to[0], to[1])
    if dtype == .u8, convention == .pillow, filter != .nearest {
      let resize = PillowResize(
        input: input, output: output, channels: to[2], filter: Resampling.kernel(filter, a: -0.5))
      // Bands share the rows at their edges, as many as the filter is wide: few bands waste little.
      let bandRows = max(32, (to[0] + 7) / 8)
      return Choice(
        "pillow", operations: Double(2 * from[0] * to[1] * to[2] * 4),
        scratch: resize.scratchBytes(bandRows: bandRows), chunks: max(1, (to[0] + bandRows - 1) / bandRows)
      ) { call in
        resize.run(
          rows: call.chunk * bandRows..<min(to[0], (call.chunk + 1) * bandRows),
          x: call.operands[0].assumingMemoryBound(to: UInt8.self),
          y: call.results[0].assumingMemoryBound(to: UInt8.self), scratch: call.scratch)
      }
    }
    if dtype == .u8, convention == .opencv, filter == .bilinear {
      let resize = OpenCVResize(input: input, output: output, channels: to[2])
      // Bands need a row of the picture more than they have: few bands waste little.
      let chunking = Chunking(count: to[0], unitCost: to[1] * to[2], grain: 1 << 17)
      return Choice("opencv", operations: 8 * Double(to.reduce(1, *)), chunks: chunking.chunks) { call in
        resize.run(
          rows: chunking.range(call.chunk), x: call.operands[0].assumingMemoryBound(to: UInt8.self),
          y: call.results[0].assumingMemoryBound(to: UInt8.self))
      }
    }
    let vertical = Resampling.table(from[0], to[0], filter, convention)
    let horizontal = Resampling.table(from[1], to[1], filter, convention)
    return FloatResampler(planes: 1, vertical: vertical, horizontal: horizontal, channels: to[2])
      .choice(dtype)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ImageResize.op, $0) }
