import Language
import Tensors

/// What the chunks of a PNG before its pixels say.
struct PNGHeader: Equatable {
  var width = 0
  var height = 0
  var bitDepth = 0
  /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
  var colourType = 0
  var hasTransparency = false
  var orientation = Orientation.upright

  private static let maximumChunks = 10_000
  private static let maximumExifBytes = 1 << 20

  /// The format of the decoded pixels: whole bytes, palettes looked up, transparent colours as alpha.
  var format: PixelFormat {
    let colour = colourType == 2 || colourType == 3 || colourType == 6
    let alpha = colourType >= 4 || hasTransparency
    return PixelFormat(channels: (colour ? 3 : 1) + (alpha ? 1 : 0), dtype: bitDepth == 16 ? .u16 : .u8)!
  }

  /// Walks the chunks up to the first IDAT. An `eXIf` chunk counts only if it stands before the pixels.
  static func read(_ source: ByteSource, name: String) throws(Fault) -> PNGHeader {
    var header = PNGHeader()
    var position = 8
    func damaged(_ cause: String) -> Fault { .damagedImage(name, .png, cause) }
    for index in 0..<maximumChunks {
      guard let head = source.bytes(at: position, 8) else { throw damaged("the file ends before its pixels") }
      let length = head.big32(0)
      guard length <= Int(Int32.max) else { throw damaged("bad chunk length at byte \(position)") }
      guard index > 0 || head[4...].elementsEqual("IHDR".utf8) else { throw damaged("the first chunk is not IHDR") }
      if index == 0 {
        guard length == 13 else { throw damaged("bad IHDR length") }
        guard let body = source.bytes(at: position + 4, 21) else { throw damaged("the file ends in its header") }
        guard CRC32.of(body[..<17]) == UInt32(body.big32(17)) else { throw damaged("IHDR: CRC error") }
        try header.readIHDR(Array(body[4..<17]), name: name)
      } else if head[4...].elementsEqual("IDAT".utf8) {
        return header
      } else if head[4...].elementsEqual("tRNS".utf8) {
        header.hasTransparency = header.colourType < 4
      } else if head[4...].elementsEqual("eXIf".utf8), length <= maximumExifBytes,
        let body = source.bytes(at: position + 8, length), let orientation = Exif.orientation(tiff: body[...])
      {
        header.orientation = orientation
      } else if head[4...].elementsEqual("IEND".utf8) {
        throw damaged("it has no pixels")
      }
      position += 12 + length
    }
    throw damaged("more than \(maximumChunks) chunks before the pixels")
  }

  private mutating func readIHDR(_ body: [UInt8], name: String) throws(Fault) {
    width = body.big32(0)
    height = body.big32(4)
    (bitDepth, colourType) = (Int(body[8]), Int(body[9]))
    guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
      throw .damagedImage(name, .png, "the size is \(width) × \(height)")
    }
    let depths = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
    guard depths[colourType]?.contains(bitDepth) == true else {
      throw .damagedImage(name, .png, "\(bitDepth) bits with colour type \(colourType)")
    }
    guard body[10] == 0, body[11] == 0, body[12] <= 1 else {
      throw .damagedImage(name, .png, "unknown compression, filter or interlace method")
    }
  }

  /// Whether `bytes` bytes can hold the picture: deflate never shrinks data more than 1032 to 1.
  func isPlausible(bytes: Int) -> Bool {
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colourType]!
    let (bits, overflow) = (width * height).multipliedReportingOverflow(by: channels * bitDepth)
    return !overflow && bits / 8 / 1032 <= bytes
  }
}

/// The checksum of PNG chunks (ISO 3309, the reflected polynomial EDB88320).
enum CRC32 {
  static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { register, byte in
      (0..<8).reduce(register ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xedb8_8320 : 0) }
    }
  }
}
