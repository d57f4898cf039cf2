import Language
import Tensors

/// Appends values in a fixed binary form: integers little-endian, texts with their length.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  /// Bytes that stand somewhere else, and where they come in: before the byte of that number of `bytes`.
  private(set) var large: [(place: Int, tensor: Tensor)] = []
  private var largeCount = 0

  mutating func put(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
  mutating func put(_ value: Int) { put(UInt64(bitPattern: Int64(value))) }
  mutating func put(_ value: Double) { put(value.bitPattern) }
  mutating func put(byte: UInt8) { bytes.append(byte) }

  mutating func put(_ text: String) {
    put(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func put(_ digest: Digest) {
    put(digest.high)
    put(digest.low)
  }

  mutating func put(_ digests: [Digest]) {
    put(digests.count)
    for digest in digests { put(digest) }
  }

  /// The elements of a tensor; many are not copied but written from where they lie.
  mutating func put(elements tensor: Tensor) {
    if tensor.byteCount < 1 << 16 { return bytes.append(contentsOf: tensor.bytes) }
    large.append((bytes.count, tensor))
    largeCount += tensor.byteCount
  }

  /// Bytes put so far.
  var count: Int { bytes.count + largeCount }

  /// Zeros up to the next multiple of `alignment`, counted from the start.
  mutating func align(_ alignment: Int) {
    while count % alignment != 0 { bytes.append(0) }
  }

  /// Calls `body` with everything that was put, piece by piece.
  func withPieces<R>(_ body: ([UnsafeRawBufferPointer]) -> R) -> R {
    bytes.withUnsafeBytes { bytes in
      var pieces: [UnsafeRawBufferPointer] = []
      var done = 0
      for (place, tensor) in large {
        pieces += [UnsafeRawBufferPointer(rebasing: bytes[done..<place]), tensor.bytes]
        done = place
      }
      pieces.append(UnsafeRawBufferPointer(rebasing: bytes[done...]))
      return withExtendedLifetime(large) { body(pieces) }
    }
  }

  /// Everything that was put, as one.
  var whole: [UInt8] { withPieces { $0.reduce(into: []) { $0.append(contentsOf: $1) } } }
}

/// Reads what `ByteWriter` wrote; anything out of bounds ends in `Damaged`, never in a crash.
struct ByteReader {
  struct Damaged: Error {}

  let buffer: Buffer
  private(set) var position = 0

  init(_ buffer: Buffer) { self.buffer = buffer }

  var remaining: Int { buffer.byteCount - position }

  mutating func take(_ count: Int) throws(Damaged) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw Damaged() }
    defer { position += count }
    return UnsafeRawBufferPointer(start: buffer.bytes + position, count: count)
  }

  mutating func byte() throws(Damaged) -> UInt8 { try take(1)[0] }

  mutating func word() throws(Damaged) -> UInt64 {
    UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self))
  }

  mutating func int() throws(Damaged) -> Int { Int(Int64(bitPattern: try word())) }
  mutating func double() throws(Damaged) -> Double { Double(bitPattern: try word()) }

  /// A count of things that take at least `size` bytes each.
  mutating func count(of size: Int) throws(Damaged) -> Int {
    let count = try int()
    guard count >= 0, count <= remaining / size else { throw Damaged() }
    return count
  }

  mutating func text() throws(Damaged) -> String {
    let length = try count(of: 1)
    guard let text = String(validating: try take(length), as: UTF8.self) else { throw Damaged() }
    return text
  }

  mutating func digest() throws(Damaged) -> Digest { Digest(high: try word(), low: try word()) }

  mutating func digests() throws(Damaged) -> [Digest] {
    let count = try count(of: 16)
    var list: [Digest] = []
    list.reserveCapacity(count)
    for _ in 0..<count { list.append(try digest()) }
    return list
  }

  mutating func align(_ alignment: Int) throws(Damaged) {
    let rest = position % alignment
    if rest != 0 { _ = try take(alignment - rest) }
  }
}
