import Language
import Tensors

/// Numbers as a picture.
public enum FromTensor {
  public static let op: Op = Op(
    "image.from_tensor",
    doc: """
      Makes a picture of a float tensor: the range is spread over the pixel values, what lies outside is clamped, and \
      halves are rounded to even. NaN becomes black.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "[C, H, W], [H, W, C] or one of these with a batch of 1; 1, 3 or 4 channels.")
    ],
    outputs: [Port("image", "image", .one, "Grey for one channel, grey with alpha for 2, rgb for 3, rgba for 4.")],
    params: [
      Picture.rangeParam, Picture.layoutParam,
      Param("bits", .int(8...16), default: .int(8), "Bits per channel, 8 or 16."),
    ],
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      let bits = facts.attributes.int("bits")
      guard bits == 8 || bits == 16 else { throw .params("param \"bits\" must be 8 or 16, but is \(bits)") }
      try Picture.checkRange(type, facts.attributes)
      guard let shape = type.shape else {
        return [.image(ImageType(format: nil, height: .symbol("?height"), width: .symbol("?width")))]
      }
      guard let axis = try Picture.channelAxis(type, facts.attributes) else { preconditionFailure("shape is known") }
      if let colour = type.meaning.colour, colour != "rgb", colour != "grey" { throw .otherColour("x", colour, "rgb") }
      if shape.count == 4, shape[0].compare(1) == .different { throw .severalPictures("x", shape[0]) }
      var format: PixelFormat?
      if let channels = shape[axis].value {
        format = Picture.format(channels: channels, bits: bits)
        if format == nil { throw .pictureChannels("x", shape[axis], "1 to 4") }
      }
      let rest = (shape.count - 3..<shape.count).filter { $0 != axis }
      return [.image(ImageType(format: format, height: shape[rest[0]], width: shape[rest[1]]))]
    },
    action: .numeric(Numeric(select: { site throws(Fault) in [try choice(site)] })))

  private static func choice(_ site: Site) throws(Fault) -> Choice {
    let (height, width, channels) = (site.result.shape[0], site.result.shape[1], site.result.shape[2])
    let shape = site.operand(0).shape
    let isPlanar = try Picture.channelAxis(shape, site.attributes) != shape.count - 1
    let (pixelStep, planeStep) = isPlanar ? (1, height * width) : (channels, 1)
    let range = site.attributes.numbers("range")
    let isBytes = site.result.dtype == .u8
    let top: Float = isBytes ? 255 : 65535
    let low = Float(range[0])
    // The quotient is exact for the usual ranges 0..1, 0..255 and -1..1.
    let scale = Float(Double(top) / (range[1] - range[0]))
    let chunking = Chunking(count: height, unitCost: width * channels * 4)
    return Choice("round", operations: Double(height * width * channels), chunks: chunking.chunks) { call in
      for row in chunking.range(call.chunk) {
        for channel in 0..<channels {
          let source = call.input(0) + row * width * pixelStep + channel * planeStep
          let first = row * width * channels + channel
          if isBytes {
            let pixels = call.results[0].assumingMemoryBound(to: UInt8.self) + first
            for column in 0..<width {
              pixels[column * channels] = UInt8(level(source[column * pixelStep], low, scale, top))
            }
          } else {
            let pixels = call.results[0].assumingMemoryBound(to: UInt16.self) + first
            for column in 0..<width {
              pixels[column * channels] = UInt16(level(source[column * pixelStep], low, scale, top))
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func level(_ value: Float, _ low: Float, _ scale: Float, _ top: Float) -> Float {
    let scaled = (value - low) * scale
    // The comparison that fails for NaN comes first.
    return scaled > 0 ? min(scaled, top).rounded(.toNearestOrEven) : 0
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FromTensor.op, $0) }
