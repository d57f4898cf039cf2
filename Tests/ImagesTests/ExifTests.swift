import Testing

@testable import Images

@Suite struct ExifTests {
  /// A TIFF structure with one directory of `entries` (tag, type, count, value field).
  static func tiff(little: Bool, _ entries: [(Int, Int, Int, Int)], at start: Int = 8) -> [UInt8] {
    func number(_ value: Int, _ length: Int) -> [UInt8] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return little ? bytes : bytes.reversed()
    }
    var bytes: [UInt8] = little ? [0x49, 0x49] : [0x4d, 0x4d]
    bytes += number(42, 2) + number(start, 4)
    bytes += [UInt8](repeating: 0, count: max(0, start - 8))
    bytes += number(entries.count, 2)
    for (tag, type, count, value) in entries {
      bytes += number(tag, 2)
      bytes += number(type, 2)
      bytes += number(count, 4)
      bytes += type == 3 ? number(value, 2) + [0, 0] : number(value, 4)
    }
    return bytes
  }

  @Test(arguments: 1...8, [true, false]) func readsEitherByteOrder(_ value: Int, _ little: Bool) {
    let bytes = Self.tiff(little: little, [(271, 2, 4, 0), (274, 3, 1, value)], at: 20)
    #expect(Exif.orientation(tiff: bytes[...]) == Orientation(rawValue: value))
  }

  @Test func nonsenseIsNoOrientation() {
    for value in [0, 9, 65535] {
      #expect(Exif.orientation(tiff: Self.tiff(little: true, [(274, 3, 1, value)])[...]) == nil)
    }
    #expect(Exif.orientation(tiff: Self.tiff(little: true, [(274, 2, 1, 6)])[...]) == nil)
    #expect(Exif.orientation(tiff: Self.tiff(little: true, [(274, 3, 2, 6)])[...]) == nil)
    #expect(Exif.orientation(tiff: Self.tiff(little: true, [], at: 8)[...]) == nil)
    #expect(Exif.orientation(segment: Array("http://ns.adobe.com/xap/1.0/\0".utf8)) == nil)
  }

  @Test func everyTruncationAndOffsetIsSafe() {
    let bytes = Self.tiff(little: false, [(270, 3, 1, 1), (274, 3, 1, 3)])
    for length in 0..<bytes.count - 2 { #expect(Exif.orientation(tiff: bytes[..<length]) == nil) }
    for offset in [0, 7, 9, bytes.count, Int(UInt32.max)] {
      var moved = bytes
      for i in 0..<4 { moved[4 + i] = UInt8(truncatingIfNeeded: offset >> (24 - 8 * i)) }
      _ = Exif.orientation(tiff: moved[...])
    }
    var many = bytes
    (many[8], many[9]) = (0xff, 0xff)  // 65535 entries declared
    #expect(Exif.orientation(tiff: many[...]) == .rotate180)
  }
}
