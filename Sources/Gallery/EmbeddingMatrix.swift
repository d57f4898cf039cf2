import Glibc
import Kernels
import Tensors

/// Embeddings of a gallery in 8-bit codes, one row each, ready to be scanned: in memory, or mapped from a file beside the
/// gallery, whose bytes it has.
///
/// Little-endian, sections at multiples of 64: header (192 bytes), codes, scales (Float), sample identifiers and person
/// identifiers (Int64).
final class EmbeddingMatrix: Sendable {
  /// What the matrix was made from.
  struct Origin: Equatable {
    /// Digest of the gallery's UUID and the rule.
    var gallery: Digest
    var revision: Int64
    var removals: Int
    /// The last sample in it.
    var lastSample: Int64
  }

  static let magic: UInt64 = 0x3130_3054_414D_4657  // "WFMAT001"
  static let headerSize = 192

  let buffer: Buffer
  let origin: Origin
  let rows: Int
  let dimension: Int
  let stride: Int
  /// The largest distance between an embedding and what its codes stand for.
  let error: Double

  private let scaleOffset: Int
  private let sampleOffset: Int
  private let personOffset: Int

  private static func aligned(_ count: Int) -> Int { (count + 63) / 64 * 64 }

  private static func layout(rows: Int, stride: Int) -> (scales: Int, samples: Int, people: Int, end: Int) {
    let scales = headerSize + rows * stride
    let samples = aligned(scales + 4 * rows)
    let people = aligned(samples + 8 * rows)
    return (scales, samples, people, people + 8 * rows)
  }

  /// Takes over bytes that hold a matrix; nil when they are damaged.
  init?(_ buffer: Buffer) {
    let bytes = UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount)
    guard bytes.count >= EmbeddingMatrix.headerSize else { return nil }
    func word(_ index: Int) -> UInt64 { UInt64(littleEndian: bytes.load(fromByteOffset: 8 * index, as: UInt64.self)) }
    func int(_ index: Int) -> Int { Int(Int64(bitPattern: word(index))) }
    let head = UnsafeRawBufferPointer(rebasing: bytes[..<(EmbeddingMatrix.headerSize - 16)])
    guard word(0) == EmbeddingMatrix.magic, Digest(of: head) == Digest(high: word(22), low: word(23)) else {
      return nil
    }
    (rows, dimension) = (int(6), int(7))
    guard (0...(1 << 40)).contains(rows), (1...65536).contains(dimension) else { return nil }
    stride = EmbeddingCodes.stride(dimension)
    let layout = EmbeddingMatrix.layout(rows: rows, stride: stride)
    guard layout.end == bytes.count else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: bytes[EmbeddingMatrix.headerSize...])
    guard Digest(of: body) == Digest(high: word(9), low: word(10)) else { return nil }
    origin = Origin(
      gallery: Digest(high: word(1), low: word(2)), revision: Int64(bitPattern: word(3)), removals: int(4),
      lastSample: Int64(bitPattern: word(5)))
    error = Double(bitPattern: word(8))
    guard error >= 0, error < 1 else { return nil }
    (scaleOffset, sampleOffset, personOffset) = (layout.scales, layout.samples, layout.people)
    self.buffer = buffer
  }

  var codes: UnsafePointer<Int8> {
    UnsafeRawPointer(buffer.bytes + EmbeddingMatrix.headerSize).assumingMemoryBound(to: Int8.self)
  }
  var scales: UnsafePointer<Float> {
    UnsafeRawPointer(buffer.bytes + scaleOffset).assumingMemoryBound(to: Float.self)
  }
  /// Identifier of each row's sample; of its person under the mean rule.
  var samples: UnsafePointer<Int64> {
    UnsafeRawPointer(buffer.bytes + sampleOffset).assumingMemoryBound(to: Int64.self)
  }
  var people: UnsafePointer<Int64> {
    UnsafeRawPointer(buffer.bytes + personOffset).assumingMemoryBound(to: Int64.self)
  }

  /// Collects rows.
  struct Builder {
    private let dimension: Int
    private let stride: Int
    private let buffer: Buffer
    private let capacity: Int
    private var error = 0.0
    private(set) var rows = 0

    /// - Parameter capacity: rows that will come at most.
    init(dimension: Int, capacity: Int) {
      self.dimension = dimension
      self.capacity = capacity
      stride = EmbeddingCodes.stride(dimension)
      buffer = Buffer(
        byteCount: EmbeddingMatrix.layout(rows: capacity, stride: stride).end, zeroed: true)
    }

    mutating func add(_ unit: [Float], sample: Int64, person: Int64) {
      precondition(rows < capacity, "a matrix of \(capacity) rows is full")
      let layout = EmbeddingMatrix.layout(rows: capacity, stride: stride)
      let codes = UnsafeMutableBufferPointer(
        start: (buffer.bytes + EmbeddingMatrix.headerSize + rows * stride).assumingMemoryBound(to: Int8.self),
        count: stride)
      let (scale, difference) = unit.withUnsafeBufferPointer { EmbeddingCodes.encode($0, into: codes) }
      buffer.bytes.storeBytes(of: scale, toByteOffset: layout.scales + 4 * rows, as: Float.self)
      buffer.bytes.storeBytes(of: sample, toByteOffset: layout.samples + 8 * rows, as: Int64.self)
      buffer.bytes.storeBytes(of: person, toByteOffset: layout.people + 8 * rows, as: Int64.self)
      error = max(error, difference)
      rows += 1
    }

    /// The matrix of the rows so far; the builder is used up.
    func build(_ origin: Origin) -> EmbeddingMatrix {
      let (from, to) = (
        EmbeddingMatrix.layout(rows: capacity, stride: stride), EmbeddingMatrix.layout(rows: rows, stride: stride)
      )
      // The sections close up when fewer rows came than were expected.
      if rows < capacity {
        memmove(buffer.bytes + to.scales, buffer.bytes + from.scales, 4 * rows)
        memmove(buffer.bytes + to.samples, buffer.bytes + from.samples, 8 * rows)
        memmove(buffer.bytes + to.people, buffer.bytes + from.people, 8 * rows)
      }
      let whole = Buffer(borrowing: buffer.bytes, byteCount: to.end) { [buffer] _ in withExtendedLifetime(buffer) {} }
      func put(_ word: UInt64, _ index: Int) {
        whole.bytes.storeBytes(of: word.littleEndian, toByteOffset: 8 * index, as: UInt64.self)
      }
      func digest(_ range: Range<Int>) -> Digest {
        Digest(of: UnsafeRawBufferPointer(start: whole.bytes + range.lowerBound, count: range.count))
      }
      let body = digest(EmbeddingMatrix.headerSize..<to.end)
      let words: [UInt64] = [
        EmbeddingMatrix.magic, origin.gallery.high, origin.gallery.low, UInt64(bitPattern: origin.revision),
        UInt64(origin.removals), UInt64(bitPattern: origin.lastSample), UInt64(rows), UInt64(dimension),
        error.bitPattern, body.high, body.low,
      ]
      for (index, word) in words.enumerated() { put(word, index) }
      let head = digest(0..<(EmbeddingMatrix.headerSize - 16))
      put(head.high, 22)
      put(head.low, 23)
      guard let matrix = EmbeddingMatrix(whole) else { preconditionFailure("a matrix that was just made is damaged") }
      return matrix
    }
  }
}
