import Tensors
import Testing

@Suite struct DigestTests {
  @Test func textFormRoundTrips() {
    let digest = Digest(high: 0x0123, low: 0xfedc_ba98_7654_3210)
    #expect(digest.description == "0000000000000123fedcba9876543210")
    #expect(Digest(digest.description) == digest)
    #expect(Digest("xyz") == nil)
  }

  @Test func streamedDigestOfSeparatePartsDoesNotCollideByConcatenation() {
    func digest(_ parts: [String]) -> Digest {
      var hasher = ContentHasher()
      for part in parts { hasher.combine(part) }
      return hasher.digest
    }
    #expect(digest(["ab", "c"]) != digest(["a", "bc"]))
    #expect(digest(["ab", "c"]) == digest(["ab", "c"]))
  }

  @Test func knownValueOfXXH3() {
    // XXH3_128bits of the empty input with seed 0, from the algorithm's specification.
    #expect(Digest(of: "").description == "99aa06d3014798d86001c324468d497f")
  }
}
