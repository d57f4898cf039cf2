import Language
import Tensors

/// A picture fitted into a rectangle without changing its proportions, the rest filled.
public enum Letterbox {
  public static let op: Op = Op(
    "image.letterbox",
    doc: """
      Fits a picture inside width × height, keeping its proportions, and fills the rest. rounding floor is \
      InsightFace's int(), nearest is that of YOLO.
      """,
    inputs: [Port("image", "image", .one, "Any pixel format.")],
    outputs: [
      Port("image", "image", .one, "height × width."),
      Port("fit", "tensor<f32>[4]", .one, "x and y factor, then left and top: result = source * factor + offset."),
    ],
    params: [
      Param("width", .int(.positive), "Columns of the result."),
      Param("height", .int(.positive), "Rows of the result."),
      Param("place", .choice(["top_left", "centre"]), default: .string("top_left"), "Where the picture stands."),
      Param("rounding", .choice(["floor", "nearest"]), default: .string("floor"), "How its size is made whole."),
      Param("enlarge", .bool, default: .bool(true), "Whether a small picture is enlarged."),
      Param("fill", .numbers(.natural, counts: []), default: .int(0), "The rest: one number or one by channel."),
    ] + ImageResize.resampling(filter: "bilinear", convention: "opencv"),
    infer: { facts throws(Fault) in
      let (height, width) = (Dim(facts.attributes.int("height")), Dim(facts.attributes.int("width")))
      return [.image(ImageType(format: facts.image("image").format, height: height, width: width)), .f32([4])]
    }, action: .numeric(Numeric(select: { site throws(Fault) in [choice(site)] })))

  /// Height and width of the picture inside the rectangle.
  static func size(_ height: Int, _ width: Int, _ attributes: Attributes) -> (height: Int, width: Int) {
    let (maximumHeight, maximumWidth) = (attributes.int("height"), attributes.int("width"))
    if !attributes.bool("enlarge"), height <= maximumHeight, width <= maximumWidth { return (height, width) }
    // In Double and in this order, as InsightFace's SCRFD computes it.
    let ratio = Double(height) / Double(max(1, width))
    let rounds = attributes.string("rounding") == "nearest"
    func whole(_ value: Double, _ limit: Int) -> Int { min(max(1, Int(rounds ? value.rounded() : value)), limit) }
    return ratio > Double(maximumHeight) / Double(maximumWidth)
      ? (maximumHeight, whole(Double(maximumHeight) / ratio, maximumWidth))
      : (whole(Double(maximumWidth) * ratio, maximumHeight), maximumWidth)
  }

  private static func choice(_ site: Site) -> Choice {
    let (from, to) = (site.operand(0).shape, site.result.shape)
    let attributes = site.attributes
    let inside = size(from[0], from[1], attributes)
    let isCentred = attributes.string("place") == "centre"
    let left = isCentred ? (to[1] - inside.width) / 2 : 0
    let top = isCentred ? (to[0] - inside.height) / 2 : 0
    let dtype = site.result.dtype
    let resize = ImageResize.choice(from, [inside.height, inside.width, to[2]], dtype, attributes)
    let line = inside.width * to[2] * dtype.size
    // Scratch: the place where the resized picture lies, the picture, and what resizing needs itself.
    let picture = 64
    let inner = picture + (line * inside.height + 127) / 64 * 64
    let fill = attributes.numbers("fill")
    let pixel = (0..<to[2]).map { UInt16(min(fill[min($0, fill.count - 1)], dtype == .u8 ? 255 : 65535)) }
    let factors = [
      Float(Double(inside.width) / Double(max(1, from[1]))), Float(Double(inside.height) / Double(max(1, from[0]))),
    ]
    return Choice(
      resize.name, operations: resize.operations, scratch: inner + resize.scratch
    ) { call in
      let target = call.scratch.assumingMemoryBound(to: UnsafeMutableRawPointer.self)
      target.initialize(to: call.scratch + picture)
      for chunk in 0..<resize.chunks {
        resize.run(
          KernelCall(
            operands: call.operands, results: target, scratch: call.scratch + inner, chunk: chunk, seed: call.seed,
            step: call.step))
      }
      if dtype == .u8 {
        paint(UInt8.self, call.results[0], to[0] * to[1], pixel)
      } else {
        paint(UInt16.self, call.results[0], to[0] * to[1], pixel)
      }
      for row in 0..<inside.height {
        (call.results[0] + ((top + row) * to[1] + left) * to[2] * dtype.size).copyMemory(
          from: call.scratch + picture + row * line, byteCount: line)
      }
      let fit = call.output(1)
      (fit[0], fit[1], fit[2], fit[3]) = (factors[0], factors[1], Float(left), Float(top))
    }
  }

  private static func paint<T: FixedWidthInteger>(
    _ type: T.Type, _ memory: UnsafeMutableRawPointer, _ count: Int, _ pixel: [UInt16]
  ) {
    let y = memory.assumingMemoryBound(to: T.self)
    for index in 0..<count {
      for (channel, value) in pixel.enumerated() { y[index * pixel.count + channel] = T(truncatingIfNeeded: value) }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Letterbox.op, $0) }
