import CDigest

/// A 128-bit content digest. Names cache entries and stands for values in keys.
public struct Digest: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(of bytes: UnsafeRawBufferPointer) {
    let value = weft_digest_bytes(bytes.baseAddress, bytes.count)
    self.init(high: value.high, low: value.low)
  }

  public init(of text: String) {
    var text = text
    self = text.withUTF8 { Digest(of: UnsafeRawBufferPointer($0)) }
  }

  /// Reads the 32 hexadecimal digits that `description` writes.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
      let low = UInt64(text.dropFirst(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  public var description: String { Self.hex(high) + Self.hex(low) }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  public static func < (a: Digest, b: Digest) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// Builds a digest from parts. Every part is written with its length or kind, so that no two lists of parts collide
/// by running together.
public struct ContentHasher: ~Copyable {
  private let state: UnsafeMutableRawPointer

  public init() { state = weft_digest_open() }
  deinit { weft_digest_close(state) }

  public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    combine(bytes.count)
    weft_digest_update(state, bytes.baseAddress, bytes.count)
  }

  /// Goes on with bytes that are a piece of something longer: `Digest(of:)` of the whole, when nothing else is added.
  public mutating func append(_ piece: UnsafeRawBufferPointer) {
    weft_digest_update(state, piece.baseAddress, piece.count)
  }

  public mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { combine(UnsafeRawBufferPointer($0)) }
  }

  public mutating func combine(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { weft_digest_update(state, $0.baseAddress, 8) }
  }

  public mutating func combine(_ value: Int) { combine(UInt64(bitPattern: Int64(value))) }
  public mutating func combine(_ value: Double) { combine(value.bitPattern) }
  public mutating func combine(_ value: Bool) { combine(value ? UInt64(1) : 0) }

  public mutating func combine(_ digest: Digest) {
    combine(digest.high)
    combine(digest.low)
  }

  public var digest: Digest {
    let value = weft_digest_value(state)
    return Digest(high: value.high, low: value.low)
  }
}
