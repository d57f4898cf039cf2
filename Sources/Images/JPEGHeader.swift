import Language

/// What the segments of a JPEG before its first scan say.
struct JPEGHeader: Equatable {
  var width = 0
  var height = 0
  /// 1 grey, 3 colour, 4 CMYK or YCCK.
  var components = 0
  var isArithmetic = false
  var orientation = Orientation.upright

  /// More segments than any camera writes, fewer than would take noticeable time to walk.
  private static let maximumSegments = 10_000

  /// Walks the segments up to the first start-of-scan marker. Throws what is wrong with a file that cannot be decoded.
  static func read(_ source: ByteSource, name: String) throws(Fault) -> JPEGHeader {
    var header = JPEGHeader()
    var position = 2
    var hasOrientation = false
    func damaged(_ cause: String) -> Fault { .damagedImage(name, .jpeg, cause) }
    for _ in 0..<maximumSegments {
      guard let mark = source.bytes(at: position, 2) else { throw damaged("the file ends before its pixels") }
      guard mark[0] == 0xff else { throw damaged("no marker at byte \(position)") }
      if mark[1] == 0xff {  // a fill byte
        position += 1
        continue
      }
      let marker = mark[1]
      if marker == 0x01 || (0xd0...0xd7).contains(marker) {  // these stand alone
        position += 2
        continue
      }
      if marker == 0xd8 || marker == 0xd9 || marker == 0 { throw damaged("misplaced marker at byte \(position)") }
      guard let lengthBytes = source.bytes(at: position + 2, 2) else {
        throw damaged("the file ends before its pixels")
      }
      let length = lengthBytes.big16(0)
      guard length >= 2, let body = source.bytes(at: position + 4, length - 2) else {
        throw damaged(length < 2 ? "bad segment length at byte \(position)" : "the file ends before its pixels")
      }
      switch marker {
      case 0xc4, 0xc8, 0xcc: break  // tables, not frames
      case 0xc0...0xcf:
        guard header.components == 0 else { throw damaged("two frame headers") }
        try header.readFrame(marker, body, name: name)
      case 0xe1 where !hasOrientation:
        if let orientation = Exif.orientation(segment: body) {
          header.orientation = orientation
          hasOrientation = true
        }
      case 0xda:
        guard header.components > 0 else { throw damaged("pixels before the frame header") }
        return header
      default: break
      }
      position += 2 + length
    }
    throw damaged("more than \(maximumSegments) segments before the pixels")
  }

  private mutating func readFrame(_ marker: UInt8, _ body: [UInt8], name: String) throws(Fault) {
    guard body.count >= 6, body.count == 6 + 3 * Int(body[5]) else {
      throw .damagedImage(name, .jpeg, "bad frame header")
    }
    switch marker {
    case 0xc0, 0xc1, 0xc2: break
    case 0xc9, 0xca: isArithmetic = true
    case 0xc3, 0xcb: throw .unsupportedImage(name, .jpeg, "lossless")
    default: throw .unsupportedImage(name, .jpeg, "hierarchical")
    }
    guard body[0] == 8 else { throw .unsupportedImage(name, .jpeg, "\(body[0])-bit") }
    height = body.big16(1)
    width = body.big16(3)
    components = Int(body[5])
    guard height > 0 else { throw .unsupportedImage(name, .jpeg, "a height that is not in the header of a") }
    guard width > 0 else { throw .damagedImage(name, .jpeg, "the width is 0") }
    guard [1, 3, 4].contains(components) else {
      throw .unsupportedImage(name, .jpeg, "\(components)-channel")
    }
  }

  /// Whether `bytes` bytes can hold the picture: Huffman coding spends at least one bit on every 8×8 block of the
  /// component with the most of them. Arithmetic coding has no such bound.
  func isPlausible(bytes: Int) -> Bool {
    isArithmetic || bytes * 8 >= ((width + 7) / 8) * ((height + 7) / 8)
  }
}
