import Testing

@testable import Kernels

/// Expected digests: Tools/reference/resize_numbers.py (Pillow 13.0).
@Suite struct PillowResizeTests {
  struct Case: Sendable {
    let input: Extent
    let output: Extent
    let channels: Int
    let filter: ResizeTable.Filter
    let digest: UInt64

    init(_ h: Int, _ w: Int, _ oh: Int, _ ow: Int, _ channels: Int, _ filter: ResizeTable.Filter, _ digest: UInt64) {
      input = Extent(h, w)
      output = Extent(oh, ow)
      self.channels = channels
      self.filter = filter
      self.digest = digest
    }
  }

  static let cases: [Case] = [
    Case(13, 17, 7, 5, 3, .bilinear, 0xe55f4b7a81b9e643),
    Case(13, 17, 7, 5, 1, .bilinear, 0xa6b4a3fa54129615),
    Case(13, 17, 7, 5, 3, .catmullRom, 0xe265ddf9b7ed3589),
    Case(13, 17, 7, 5, 1, .catmullRom, 0xbd964ec5d3363653),
    Case(13, 17, 7, 5, 3, .box, 0x0468eaf58a78efab),
    Case(13, 17, 7, 5, 1, .box, 0x9ff7156464271d9d),
    Case(13, 17, 7, 5, 3, .hamming, 0x00b2b1043845b3ab),
    Case(13, 17, 7, 5, 1, .hamming, 0xdabb02690e90bb7f),
    Case(13, 17, 7, 5, 3, .lanczos, 0x57172e18e31664c0),
    Case(13, 17, 7, 5, 1, .lanczos, 0xc52e18e00567994c),
    Case(13, 17, 29, 31, 3, .bilinear, 0x81b3947799e6af65),
    Case(13, 17, 29, 31, 1, .bilinear, 0xdca242cbeeb07fbe),
    Case(13, 17, 29, 31, 3, .catmullRom, 0xbdbeb9cf6a818ded),
    Case(13, 17, 29, 31, 1, .catmullRom, 0xb55c0124777e233c),
    Case(13, 17, 29, 31, 3, .box, 0xecc8208decb0efd9),
    Case(13, 17, 29, 31, 1, .box, 0xbcbb6fb0e02059a7),
    Case(13, 17, 29, 31, 3, .hamming, 0xd81facd8cbe2abd2),
    Case(13, 17, 29, 31, 1, .hamming, 0xd7cf697b0a94d94e),
    Case(13, 17, 29, 31, 3, .lanczos, 0xf5019036e4825e9b),
    Case(13, 17, 29, 31, 1, .lanczos, 0x26806e922e5224f4),
    Case(13, 17, 13, 6, 3, .bilinear, 0xd38563e8966fda04),
    Case(13, 17, 13, 6, 1, .bilinear, 0x8d9c7279e76b477a),
    Case(13, 17, 13, 6, 3, .catmullRom, 0x8e906ec8e4160ba5),
    Case(13, 17, 13, 6, 1, .catmullRom, 0x2572c8a02cda828a),
    Case(13, 17, 13, 6, 3, .box, 0xf62784665439806b),
    Case(13, 17, 13, 6, 1, .box, 0x6a82dd38368516b8),
    Case(13, 17, 13, 6, 3, .hamming, 0x393fb6c8a3ee6e8d),
    Case(13, 17, 13, 6, 1, .hamming, 0x290be7eec844b474),
    Case(13, 17, 13, 6, 3, .lanczos, 0xfc2967c65fbc0a0d),
    Case(13, 17, 13, 6, 1, .lanczos, 0x17928e94b4d647e4),
    Case(13, 17, 40, 17, 3, .bilinear, 0x2519499be85de815),
    Case(13, 17, 40, 17, 1, .bilinear, 0x9be716da107f6357),
    Case(13, 17, 40, 17, 3, .catmullRom, 0x513bb1277c9f5219),
    Case(13, 17, 40, 17, 1, .catmullRom, 0xa5b917f72906a3c4),
    Case(13, 17, 40, 17, 3, .box, 0xec32278239e50885),
    Case(13, 17, 40, 17, 1, .box, 0x8290cc41d250ba72),
    Case(13, 17, 40, 17, 3, .hamming, 0x9201b128d4f257b4),
    Case(13, 17, 40, 17, 1, .hamming, 0x39e7365573d6d0ea),
    Case(13, 17, 40, 17, 3, .lanczos, 0xce70983d35c4d1bf),
    Case(13, 17, 40, 17, 1, .lanczos, 0x323ca23eef6988f6),
    Case(64, 48, 9, 11, 3, .bilinear, 0xd017e085e05f55d7),
    Case(64, 48, 9, 11, 1, .bilinear, 0x151d7a4de24f9ba5),
    Case(64, 48, 9, 11, 3, .catmullRom, 0x301544381c7cf174),
    Case(64, 48, 9, 11, 1, .catmullRom, 0x0ce9b64e23dd5b11),
    Case(64, 48, 9, 11, 3, .box, 0xefd02e21968ce69b),
    Case(64, 48, 9, 11, 1, .box, 0x4de33ef7481d436f),
    Case(64, 48, 9, 11, 3, .hamming, 0x98085928ce0aa427),
    Case(64, 48, 9, 11, 1, .hamming, 0x72a712701a5815c3),
    Case(64, 48, 9, 11, 3, .lanczos, 0xb337881d9b05fe15),
    Case(64, 48, 9, 11, 1, .lanczos, 0x4d2b3c9714d45c5e),
    Case(5, 5, 1, 1, 3, .bilinear, 0x01428e1ac64717e0),
    Case(5, 5, 1, 1, 1, .bilinear, 0xaf641c4c8602594c),
    Case(5, 5, 1, 1, 3, .catmullRom, 0x3830091ae638cf26),
    Case(5, 5, 1, 1, 1, .catmullRom, 0xaf641d4c86025aff),
    Case(5, 5, 1, 1, 3, .box, 0x3de4b31ae89eaf65),
    Case(5, 5, 1, 1, 1, .box, 0xaf64534c8602b6c1),
    Case(5, 5, 1, 1, 3, .hamming, 0x09d4401acb1ae21f),
    Case(5, 5, 1, 1, 1, .hamming, 0xaf641c4c8602594c),
    Case(5, 5, 1, 1, 3, .lanczos, 0x3830091ae638cf26),
    Case(5, 5, 1, 1, 1, .lanczos, 0xaf641d4c86025aff),
    Case(1, 1, 3, 4, 3, .bilinear, 0xbddda665670c6b65),
    Case(1, 1, 3, 4, 1, .bilinear, 0x5467b0da1d106495),
    Case(1, 1, 3, 4, 3, .catmullRom, 0xbddda665670c6b65),
    Case(1, 1, 3, 4, 1, .catmullRom, 0x5467b0da1d106495),
    Case(1, 1, 3, 4, 3, .box, 0xbddda665670c6b65),
    Case(1, 1, 3, 4, 1, .box, 0x5467b0da1d106495),
    Case(1, 1, 3, 4, 3, .hamming, 0xbddda665670c6b65),
    Case(1, 1, 3, 4, 1, .hamming, 0x5467b0da1d106495),
    Case(1, 1, 3, 4, 3, .lanczos, 0xbddda665670c6b65),
    Case(1, 1, 3, 4, 1, .lanczos, 0x5467b0da1d106495),
    Case(97, 3, 10, 3, 3, .bilinear, 0xa7b3550dbeaed7db),
    Case(97, 3, 10, 3, 1, .bilinear, 0xb3cecf278a051a80),
    Case(97, 3, 10, 3, 3, .catmullRom, 0x2de27905683b17f6),
    Case(97, 3, 10, 3, 1, .catmullRom, 0x941b667d8a8a8aa2),
    Case(97, 3, 10, 3, 3, .box, 0xea5e30f6f0cee165),
    Case(97, 3, 10, 3, 1, .box, 0x2163d2b4ea2fd106),
    Case(97, 3, 10, 3, 3, .hamming, 0xa3204d4dd1546013),
    Case(97, 3, 10, 3, 1, .hamming, 0xbf68a02a9399fab4),
    Case(97, 3, 10, 3, 3, .lanczos, 0x2b82e67c29e3d0ba),
    Case(97, 3, 10, 3, 1, .lanczos, 0x675b97e222a8224a),
  ]

  /// The picture of the script.
  static func picture(_ size: Extent, channels: Int) -> [UInt8] {
    (0..<size.height * size.width * channels).map { (i: Int) -> UInt8 in
      let value: Int = i * 7919 + (i * i) % 251
      return UInt8(value % 256)
    }
  }

  static func digest(_ bytes: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  @Test(arguments: InstructionSet.supported) func everyByteIsThatOfPillow(set: InstructionSet) {
    for item in Self.cases {
      let x = Self.picture(item.input, channels: item.channels)
      let resize = PillowResize(input: item.input, output: item.output, channels: item.channels, filter: item.filter)
      var y = [UInt8](repeating: 77, count: item.output.height * item.output.width * item.channels)
      GemmTests.withScratch(resize.scratchBytes) { scratch in set.forced { resize.run(x: x, y: &y, scratch: scratch) } }
      #expect(Self.digest(y) == item.digest, "\(item.filter) \(item.input) to \(item.output)")
    }
  }

  @Test func bandsAreTheWholePicture() {
    for (output, channels) in [(Extent(9, 40), 3), (Extent(50, 11), 4), (Extent(31, 20), 2), (Extent(31, 43), 1)] {
      let resize = PillowResize(input: Extent(31, 43), output: output, channels: channels, filter: .catmullRom)
      let x = Self.picture(Extent(31, 43), channels: channels)
      var whole = [UInt8](repeating: 1, count: output.height * output.width * channels)
      var bands = [UInt8](repeating: 2, count: whole.count)
      GemmTests.withScratch(max(1, resize.scratchBytes)) { resize.run(x: x, y: &whole, scratch: $0) }
      GemmTests.withScratch(max(1, resize.scratchBytes(bandRows: 4))) { scratch in
        for row in stride(from: 0, to: output.height, by: 4) {
          resize.run(rows: row..<min(row + 4, output.height), x: x, y: &bands, scratch: scratch)
        }
      }
      #expect(whole == bands, "\(output)")
    }
  }
}
