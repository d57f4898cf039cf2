import Testing

@testable import Tensors

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples (csrc.nist.gov, SHA256.pdf) and the empty message.
  @Test func digestsAreThoseOfTheStandard() {
    #expect(SHA256.of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(SHA256.of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      SHA256.of(String(repeating: "a", count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: [1, 55, 56, 63, 64, 65, 127, 200]) func piecesMakeNoDifference(_ size: Int) {
    let bytes = (0..<500).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var (whole, pieces) = (SHA256(), SHA256())
    bytes.withUnsafeBytes { bytes in
      whole.update(bytes)
      for start in stride(from: 0, to: bytes.count, by: size) {
        pieces.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + size, bytes.count)]))
      }
    }
    #expect(whole.finish() == pieces.finish())
  }
}
