import Images
import Language
import Tensors

/// Reads a picture file.
public enum ImageLoad {
  public static let op = Op(
    "image.load",
    doc: """
      Reads a JPEG or PNG file, told apart by content. Pixels are sRGB as stored; the EXIF orientation is applied; 16 \
      bits become 8 by their high byte, grey repeats into rgb. A damaged, truncated or oversized file is an error.
      """,
    inputs: [Port("file", "file", .one, "a picture file")],
    outputs: [Port("image", "image[H,W]", .one, "the picture, upright")],
    params: [
      Param(
        "as", .choice(["rgb8", "grey8", "rgba8", "rgb16", "grey16", "rgba16", "keep"]), default: .string("rgb8"),
        "pixel format; keep is what the file holds"),
      Param(
        "orientation", .choice(["apply", "ignore"]), default: .string("apply"),
        "whether the picture is turned upright as its EXIF data says"),
      Param(
        "scale", .number(0.125...1), default: .float(1),
        "decode a JPEG at this share of its size, a multiple of 1/8; sizes are rounded up"),
      Param(
        "background", .string, default: .null, "colour that shows through alpha when the format has none; null drops it"
      ),
      Param(
        "max_pixels", .int(.positive), default: .int(ImageLimits().maximumPixels), "larger pictures are refused"),
    ],
    infer: { facts throws(Fault) in
      let options = try options(facts.attributes)
      let unknown = ImageType(format: options.format, height: .symbol("H"), width: .symbol("W"))
      // The probe reports upright sizes only.
      guard options.orientation == .apply, case .file(let path)? = facts.value("file"),
        let found = facts.probe?.image(path)
      else { return [.image(unknown)] }
      return [
        .image(
          ImageType(
            format: options.format ?? found.format,
            height: (found.height * Dim(options.eighths)).dividedUp(by: 8),
            width: (found.width * Dim(options.eighths)).dividedUp(by: 8)))
      ]
    },
    action: .host(
      Host(queue: .io) { call throws(Fault) in
        [.image(try ImageFile.read(call.path("file"), options(call.attributes)))]
      }))

  private static func options(_ attributes: Attributes) throws(Fault) -> DecodeOptions {
    let eighths = attributes.number("scale") * 8
    guard eighths == eighths.rounded() else { throw .badScale(attributes.number("scale")) }
    return DecodeOptions(
      limits: ImageLimits(maximumPixels: attributes.int("max_pixels")), eighths: Int(eighths),
      orientation: DecodeOptions.OrientationRule(rawValue: attributes.string("orientation"))!,
      format: PixelFormat(rawValue: attributes.string("as")),
      alpha: try attributes.colour("background").map { .over($0) } ?? .drop)
  }
}

extension Attributes {
  /// The colour under a string param; nil where that is null.
  func colour(_ name: String) throws(Fault) -> Colour? {
    guard has(name) else { return nil }
    guard let colour = Colour(string(name)) else { throw .badColour(name, string(name)) }
    return colour
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ImageLoad.op, $0) }
