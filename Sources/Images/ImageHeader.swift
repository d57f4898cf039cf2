import Language
import Tensors

/// What a picture file says about itself before its pixels.
public struct ImageHeader: Sendable, Equatable {
  public let fileFormat: ImageFileFormat
  /// Pixels across and down as they come out of decoding: after the EXIF orientation, unless that is ignored.
  public let width: Int
  public let height: Int
  /// The format that decoding gives unless another is asked for.
  public let format: PixelFormat
  /// What the file's EXIF data asks for.
  public let orientation: Orientation

  /// Reads the header of a file, and nothing behind it. Throws what decoding would throw for a bad header or for a
  /// size above the limits.
  public static func probe(_ path: String, _ options: DecodeOptions = DecodeOptions()) throws(Fault) -> ImageHeader {
    let file = try InputFile(path, maximumBytes: options.limits.maximumFileBytes)
    return try StoredHeader(.file(descriptor: file.descriptor, count: file.count), name: path, options).header(options)
  }

  /// The same for a picture in memory.
  public static func probe(
    _ bytes: [UInt8], name: String, _ options: DecodeOptions = DecodeOptions()
  ) throws(Fault) -> ImageHeader {
    try StoredHeader(.memory(bytes), name: name, options).header(options)
  }
}

/// The header in the terms of its format, checked against the limits.
enum StoredHeader {
  case jpeg(JPEGHeader)
  case png(PNGHeader)

  init(_ source: ByteSource, name: String, _ options: DecodeOptions) throws(Fault) {
    guard source.count <= options.limits.maximumFileBytes else {
      throw .fileTooLarge(name, bytes: source.count, limit: options.limits.maximumFileBytes)
    }
    let signature = source.bytes(at: 0, min(8, source.count)) ?? []
    switch ImageFileFormat(signature: signature) {
    case .jpeg?: self = .jpeg(try JPEGHeader.read(source, name: name))
    case .png?: self = .png(try PNGHeader.read(source, name: name))
    case nil: throw .unknownImageFormat(name, empty: source.count == 0)
    }
    let (format, width, height, plausible): (ImageFileFormat, Int, Int, Bool) =
      switch self {
      case .jpeg(let header): (.jpeg, header.width, header.height, header.isPlausible(bytes: source.count))
      case .png(let header): (.png, header.width, header.height, header.isPlausible(bytes: source.count))
      }
    guard width <= options.limits.maximumPixels / height else {
      throw .tooManyPixels(name, width: width, height: height, limit: options.limits.maximumPixels)
    }
    guard plausible else {
      throw .implausiblySmall(name, format, bytes: source.count, width: width, height: height)
    }
    guard (1...8).contains(options.eighths) else { throw .optionOutOfRange("the JPEG scale", options.eighths, 1...8) }
    if format == .png, options.eighths != 8 { throw .reducedSizeNeedsJPEG(name) }
  }

  func header(_ options: DecodeOptions) -> ImageHeader {
    let (fileFormat, stored, format, orientation): (ImageFileFormat, (Int, Int), PixelFormat, Orientation) =
      switch self {
      case .jpeg(let header):
        (
          .jpeg, (header.scaled(header.width, options.eighths), header.scaled(header.height, options.eighths)),
          header.components == 1 ? .grey8 : .rgb8, header.orientation
        )
      case .png(let header): (.png, (header.width, header.height), header.format, header.orientation)
      }
    let swaps = options.orientation == .apply && orientation.swapsAxes
    return ImageHeader(
      fileFormat: fileFormat, width: swaps ? stored.1 : stored.0, height: swaps ? stored.0 : stored.1,
      format: options.format ?? format, orientation: orientation)
  }
}
