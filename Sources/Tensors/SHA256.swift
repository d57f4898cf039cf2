import CDigest

/// SHA-256 (FIPS 180-4), by which publishers describe their files. Content inside Weft is known by `Digest`.
public struct SHA256 {
  private var state = weft_sha256()

  public init() { weft_sha256_start(&state) }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    weft_sha256_update(&state, start, bytes.count)
  }

  /// 64 hexadecimal digits.
  public func finish() -> String {
    var copy = state
    var digest = [UInt8](repeating: 0, count: 32)
    weft_sha256_finish(&copy, &digest)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  public static func of(_ text: String) -> String {
    var hash = SHA256()
    var text = text
    text.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
    return hash.finish()
  }
}
