import Language
import Tensors

/// Pictures from bytes and to bytes.
public enum ImageCodec {
  /// Decodes a JPEG or PNG, told apart by content. `name` appears in messages.
  ///
  /// Strict: a file with a missing end, a bad checksum or any other damage to its pixels is refused, never half read.
  public static func decode(
    _ bytes: [UInt8], name: String, _ options: DecodeOptions = DecodeOptions()
  ) throws(Fault) -> Image {
    let stored = try StoredHeader(.memory(bytes), name: name, options)
    var image: Image
    let orientation: Orientation
    switch stored {
    case .jpeg(let header):
      image = try JPEGDecoder.decode(bytes, name: name, header, eighths: options.eighths)
      orientation = header.orientation
    case .png(let header):
      image = try PNGDecoder.decode(bytes, name: name, header)
      orientation = header.orientation
    }
    if let format = options.format { image = image.converted(to: format, alpha: options.alpha) }
    return options.orientation == .apply ? image.oriented(orientation) : image
  }

  /// The picture as the bytes of a file. Equal pictures and settings give equal bytes.
  public static func encode(_ image: Image, _ encoding: ImageEncoding, name: String) throws(Fault) -> [UInt8] {
    guard image.width > 0, image.height > 0 else {
      throw .cannotEncode(name, encoding.fileFormat, "it has no pixels")
    }
    switch encoding {
    case .png(let settings): return try PNGEncoder.encode(image, settings, name: name)
    case .jpeg(let settings): return try JPEGEncoder.encode(image, settings, name: name)
    }
  }
}
