import CZlib
import Language
import Tensors

extension NPZ {
  /// What a member of an archive is made from.
  public enum Content: Sendable {
    case tensor(Tensor)
    /// A vector of texts, or with `isSingle` one text: NumPy's `<U`.
    case texts([String], isSingle: Bool = false)
  }

  /// Writes an archive of stored members, atomically; up to 4 GB. `isPrivate`: only its owner may read it.
  public static func write(
    _ members: [(name: String, content: Content)], to path: String, isPrivate: Bool = false
  ) throws(Fault) {
    var zip = ZipWriter()
    for (name, content) in members {
      let (head, tensor) = encoded(content)
      guard zip.add("\(name).npy", head, tensor) else { throw .unsupported(path, "an archive of more than 4 GB") }
    }
    try MappedFile.replace(path, with: zip.pieces(), isPrivate: isPrivate)
    withExtendedLifetime(zip) {}
  }

  private static func encoded(_ content: Content) -> (head: [UInt8], Tensor) {
    switch content {
    case .tensor(let tensor):
      let tensor = tensor.dtype == .bf16 ? tensor.converted(to: .f32) : tensor
      return (NPYHeader.encoded(DType.npyNames.first { $0.0 == tensor.dtype }!.1, tensor.shape), tensor)
    case .texts(let texts, let isSingle):
      let scalars = texts.map { $0.unicodeScalars.map(\.value) }
      let length = max(1, scalars.map(\.count).max() ?? 1)
      let tensor = Tensor(
        shape: [texts.count, length],
        scalars.flatMap { $0 + Array(repeating: UInt32(0), count: length - $0.count) })
      return (NPYHeader.encoded("U\(length)", isSingle ? [] : [texts.count]), tensor)
    }
  }

  /// The texts of a member that `write` or NumPy made of them; a single one is a list of one.
  public func texts(_ name: String) throws(Fault) -> [String] {
    guard let header = headers.first(where: { $0.name == name }) else {
      throw .unknownTensor(name, "the archive", headers.map(\.name))
    }
    let tensor = try load(header)
    guard tensor.dtype == .u32, (1...2).contains(tensor.rank), let length = tensor.shape.last else {
      throw .unsupported(name, "it holds numbers where texts are needed")
    }
    let letters = tensor.elements(UInt32.self)
    return (0..<(tensor.rank == 1 ? 1 : tensor.shape[0])).map { row in
      var text = ""
      for letter in letters[row * length..<(row + 1) * length] where letter != 0 {
        text.unicodeScalars.append(UnicodeScalar(letter) ?? "\u{FFFD}")
      }
      return text
    }
  }
}

/// Puts members into a zip archive (APPNOTE 6.3), stored, dated 1980-01-01 so that equal contents are equal bytes.
struct ZipWriter {
  private var heads: [[UInt8]] = []
  private var bodies: [Tensor] = []
  private var directory: [UInt8] = []
  private var size = 0
  private var end: [UInt8] = []

  private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// Adds a member: `head`, then the bytes of `body`. False when the archive would be too large.
  mutating func add(_ name: String, _ head: [UInt8], _ body: Tensor) -> Bool {
    let count = head.count + body.byteCount
    guard size + count + 128 + 2 * name.utf8.count < Int(UInt32.max), bodies.count < 65_000 else { return false }
    var checksum = head.withUnsafeBytes { crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, head.count) }
    if let start = body.bytes.bindMemory(to: UInt8.self).baseAddress, body.byteCount > 0 {
      checksum = crc32_z(checksum, start, body.byteCount)
    }
    // Version 2.0, no flags, stored, the date, checksum, sizes, lengths of the name and of nothing more.
    let common =
      ZipWriter.bytes(20, 2) + ZipWriter.bytes(0, 4) + ZipWriter.bytes(0, 2) + ZipWriter.bytes(0x21, 2)
      + ZipWriter.bytes(Int(checksum), 4) + ZipWriter.bytes(count, 4) + ZipWriter.bytes(count, 4)
      + ZipWriter.bytes(name.utf8.count, 2) + ZipWriter.bytes(0, 2)
    directory += ZipWriter.bytes(0x0201_4B50, 4) + ZipWriter.bytes(20, 2) + common
    directory += ZipWriter.bytes(0, 10) + ZipWriter.bytes(size, 4) + Array(name.utf8)
    let local = ZipWriter.bytes(0x0403_4B50, 4) + common + Array(name.utf8)
    heads.append(local + head)
    bodies.append(body)
    size += local.count + count
    return true
  }

  /// The archive. The pieces point into the writer, which must outlive them.
  mutating func pieces() -> [UnsafeRawBufferPointer] {
    let count = bodies.count
    end = directory + ZipWriter.bytes(0x0605_4B50, 4) + ZipWriter.bytes(0, 4) + ZipWriter.bytes(count, 2)
    end += ZipWriter.bytes(count, 2) + ZipWriter.bytes(directory.count, 4) + ZipWriter.bytes(size, 4) + [0, 0]
    let frame = Buffer(byteCount: heads.reduce(end.count) { $0 + $1.count })
    var place = 0
    func put(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
      bytes.withUnsafeBytes { (frame.bytes + place).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
      defer { place += bytes.count }
      return UnsafeRawBufferPointer(start: frame.bytes + place, count: bytes.count)
    }
    var pieces: [UnsafeRawBufferPointer] = []
    for (head, body) in zip(heads, bodies) { pieces += [put(head), body.bytes] }
    pieces.append(put(end))
    self.frame = frame
    return pieces
  }

  private var frame: Buffer?
}
