/// The one thing that is read from EXIF data: how the camera was held.
enum Exif {
  /// The orientation in a TIFF structure (what follows `Exif\0\0` in a JPEG segment; the whole of a PNG `eXIf` chunk):
  /// tag 274 of the first directory. Nil when it is absent, malformed or not 1...8: EXIF data is advice, and a picture
  /// with broken advice is still a picture.
  static func orientation(tiff: ArraySlice<UInt8>) -> Orientation? {
    let bytes = Array(tiff)
    guard bytes.count >= 8 else { return nil }
    let little: Bool
    switch (bytes[0], bytes[1]) {
    case (0x49, 0x49): little = true
    case (0x4d, 0x4d): little = false
    default: return nil
    }
    func number(at index: Int, _ length: Int) -> Int? {
      guard index >= 0, index <= bytes.count - length else { return nil }
      let part = bytes[index..<index + length]
      return little
        ? part.reversed().reduce(0) { $0 << 8 | Int($1) }
        : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, 2) == 42, let directory = number(at: 4, 4), let entries = number(at: directory, 2) else {
      return nil
    }
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = number(at: start, 2), let type = number(at: start + 2, 2) else { return nil }
      guard tag == 274 else { continue }
      // SHORT is what the standard asks for; LONG is written by some.
      guard number(at: start + 4, 4) == 1, type == 3 || type == 4 else { return nil }
      return number(at: start + 8, type == 3 ? 2 : 4).flatMap(Orientation.init(rawValue:))
    }
    return nil
  }

  /// The orientation in the body of a JPEG APP1 segment, if that holds EXIF data (it may hold XMP instead).
  static func orientation(segment: [UInt8]) -> Orientation? {
    guard segment.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) else { return nil }
    return orientation(tiff: segment[6...])
  }
}
