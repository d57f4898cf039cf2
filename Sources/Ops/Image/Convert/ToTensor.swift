import Kernels
import Language
import Tensors

/// A picture as numbers.
public enum ToTensor {
  public static let op: Op = Op(
    "image.to_tensor", doc: "Makes a float tensor of a picture; its values are spread over the given range.",
    inputs: [Port("image", "image", .one, "Any pixel format.")],
    outputs: [Port("x", "tensor<f32>", .one, "[1, C, H, W], or as layout says; rgb or grey.")],
    params: [
      Param("layout", .choice(["NCHW", "NHWC", "CHW", "HWC"]), default: .string("NCHW"), "Axis order of the result."),
      Param(
        "range", .numbers(.all, counts: [2]), default: .array([.float(0), .float(1)]), "Values of black and white."),
      Param("alpha", .choice(["drop", "keep"]), default: .string("drop"), "What happens to transparency."),
    ],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let layout = facts.attributes.string("layout")
      let channels = image.format.map { kept($0.channels, facts.attributes) }
      let count = channels.map { Dim($0) } ?? .symbol("?channels")
      let picture = layout.hasSuffix("C") ? [image.height, image.width, count] : [count, image.height, image.width]
      let meaning = Meaning(
        colour: Picture.colour(channels: channels), layout: layout,
        range: Picture.text(facts.attributes.numbers("range")))
      return [.f32(layout.hasPrefix("N") ? [1] + picture : picture, meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient, select: { site throws(Fault) in [choice(site)] })))

  private static func kept(_ channels: Int, _ attributes: Attributes) -> Int {
    attributes.string("alpha") == "drop" && channels % 2 == 0 ? channels - 1 : channels
  }

  private static func choice(_ site: Site) -> Choice {
    let source = site.operand(0)
    let (height, width, channels) = (source.shape[0], source.shape[1], source.shape[2])
    let kept = kept(channels, site.attributes)
    let range = site.attributes.numbers("range")
    let isBytes = source.dtype == .u8
    let top = isBytes ? 255 : 65535
    // Every possible value, rounded once from Double.
    let table = (0...top).map { Float(range[0] + (range[1] - range[0]) * Double($0) / Double(top)) }
    let isPlanar = !site.attributes.string("layout").hasSuffix("C")
    if isBytes, isPlanar, let choice = planes(site, table: table, kept: kept) { return choice }
    let (pixelStep, planeStep) = isPlanar ? (1, height * width) : (kept, 1)
    let chunking = Chunking(count: height, unitCost: width * kept * 2)
    return Choice("table", operations: Double(height * width * kept), chunks: chunking.chunks) { call in
      table.withUnsafeBufferPointer { table in
        for row in chunking.range(call.chunk) {
          for channel in 0..<kept {
            let target = call.output() + row * width * pixelStep + channel * planeStep
            let first = row * width * channels + channel
            if isBytes {
              let pixels = call.operands[0].assumingMemoryBound(to: UInt8.self) + first
              for column in 0..<width { target[column * pixelStep] = table[Int(pixels[column * channels])] }
            } else {
              let pixels = call.operands[0].assumingMemoryBound(to: UInt16.self) + first
              for column in 0..<width { target[column * pixelStep] = table[Int(pixels[column * channels])] }
            }
          }
        }
      }
    }
  }

  /// One pass from bytes to planes, with the normalisation that follows.
  private static func planes(_ site: Site, table: [Float], kept: Int) -> Choice? {
    let shape = site.operand(0).shape
    let (area, channels) = (shape[0] * shape[1], shape[2])
    var (order, affine) = (Array(0..<kept), nil as (scale: [Float], shift: [Float])?)
    if case .channels(let from, let scale, let shift)? = site.followers.first?.kind, from.count == kept {
      (order, affine) = (from, (scale, shift))
    }
    guard let planes = BytePlanes(channels: channels, order: order, values: table, affine: affine) else { return nil }
    let chunking = Chunking(count: area, unitCost: kept * 2)
    return Choice(
      affine == nil ? "planes" : "normalised-planes", operations: Double(area * kept * (affine == nil ? 1 : 3)),
      chunks: chunking.chunks, absorbs: affine == nil ? 0 : 1
    ) { call in
      planes.run(
        pixels: chunking.range(call.chunk), area: area, x: call.operands[0].assumingMemoryBound(to: UInt8.self),
        y: call.output())
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ToTensor.op, $0) }
