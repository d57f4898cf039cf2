import Language

/// Finds the members of a zip archive from its central directory, checking every offset against the file.
struct ZipReader {
  private let bytes: UnsafeRawBufferPointer
  private let file: String

  init(_ bytes: UnsafeRawBufferPointer, _ file: String) {
    self.bytes = bytes
    self.file = file
  }

  func members() throws(Fault) -> [ZipArchive.Member] {
    let (count, start) = try directory()
    var members: [ZipArchive.Member] = []
    var names = Set<String>()
    var offset = start
    for _ in 0..<count {
      let (member, next) = try entry(offset)
      guard names.insert(member.name).inserted else { throw damage("\"\(member.name)\" stands in it twice") }
      members.append(member)
      offset = next
    }
    return members
  }

  private func damage(_ why: String) -> Fault { .malformed(file, "zip", why) }

  /// A little-endian integer; the offset may be any number.
  private func integer<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: T.Type) throws(Fault) -> Int {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { throw damage("it is cut off") }
    let value = T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    guard let value = Int(exactly: value) else { throw damage("an offset or size is out of range") }
    return value
  }

  /// Number of members and offset of the central directory.
  private func directory() throws(Fault) -> (count: Int, offset: Int) {
    guard bytes.count >= 22 else { throw damage("it is too short") }
    var end = bytes.count - 22
    let last = max(0, end - 65535)
    while try integer(end, UInt32.self) != 0x0605_4B50 {
      guard end > last else { throw damage("it has no central directory") }
      end -= 1
    }
    var count = try integer(end + 10, UInt16.self)
    var offset = try integer(end + 16, UInt32.self)
    if count == 0xFFFF || offset == 0xFFFF_FFFF {
      guard try integer(end - 20, UInt32.self) == 0x0706_4B50 else { throw damage("its zip64 directory is missing") }
      let record = try integer(end - 12, UInt64.self)
      guard try integer(record, UInt32.self) == 0x0606_4B50 else { throw damage("its zip64 directory is damaged") }
      count = try integer(record + 32, UInt64.self)
      offset = try integer(record + 48, UInt64.self)
    }
    // An entry has at least 46 bytes: bounds the loop over them.
    guard offset <= bytes.count, count <= (bytes.count - offset) / 46 else {
      throw damage("its central directory is out of range")
    }
    return (count, offset)
  }

  /// The member whose directory entry lies at `offset`, and where the next entry lies.
  private func entry(_ offset: Int) throws(Fault) -> (ZipArchive.Member, next: Int) {
    guard try integer(offset, UInt32.self) == 0x0201_4B50 else { throw damage("its central directory is damaged") }
    let flags = try integer(offset + 8, UInt16.self)
    let method = try integer(offset + 10, UInt16.self)
    let nameLength = try integer(offset + 28, UInt16.self)
    let extraLength = try integer(offset + 30, UInt16.self)
    let next = offset + 46 + nameLength + extraLength + (try integer(offset + 32, UInt16.self))
    guard next <= bytes.count else { throw damage("it is cut off") }
    let nameBytes = bytes[offset + 46..<offset + 46 + nameLength]
    guard let name = String(validating: nameBytes, as: UTF8.self) else { throw damage("a name is not UTF-8") }
    guard flags & 1 == 0 else { throw .unsupported(file, "\"\(name)\" is encrypted") }
    guard method == 0 || method == 8 else {
      throw .unsupported(file, "\"\(name)\" is compressed by method \(method); only deflate is known")
    }
    var stored = try integer(offset + 20, UInt32.self)
    var size = try integer(offset + 24, UInt32.self)
    var local = try integer(offset + 42, UInt32.self)
    try widen(offset + 46 + nameLength, extraLength, &size, &stored, &local)
    let data = try self.data(local)
    guard stored <= bytes.count - data else { throw damage("\"\(name)\" lies beyond its end") }
    // Deflate shrinks by a factor of 1032 at best; a larger claim is a lie that would cost memory.
    guard method == 0 ? size == stored : size / 1032 <= stored else {
      throw damage("\"\(name)\" claims \(size) bytes from \(stored)")
    }
    let member = ZipArchive.Member(
      name: name, method: method, checksum: UInt32(try integer(offset + 16, UInt32.self)), storedSize: stored,
      size: size, dataOffset: data)
    return (member, next)
  }

  /// Reads the 64-bit values of those fields that say they stand in the extra field.
  private func widen(
    _ start: Int, _ length: Int, _ size: inout Int, _ stored: inout Int, _ local: inout Int
  ) throws(Fault) {
    guard size == 0xFFFF_FFFF || stored == 0xFFFF_FFFF || local == 0xFFFF_FFFF else { return }
    var place = start
    while place + 4 <= start + length {
      let (kind, count) = (try integer(place, UInt16.self), try integer(place + 2, UInt16.self))
      if kind == 1 {
        var value = place + 4
        if size == 0xFFFF_FFFF {
          size = try integer(value, UInt64.self)
          value += 8
        }
        if stored == 0xFFFF_FFFF {
          stored = try integer(value, UInt64.self)
          value += 8
        }
        if local == 0xFFFF_FFFF { local = try integer(value, UInt64.self) }
        return
      }
      place += 4 + count
    }
  }

  /// Where the data behind a local header begins.
  private func data(_ local: Int) throws(Fault) -> Int {
    guard try integer(local, UInt32.self) == 0x0403_4B50 else { throw damage("a member's header is damaged") }
    let data = local + 30 + (try integer(local + 26, UInt16.self)) + (try integer(local + 28, UInt16.self))
    guard data <= bytes.count else { throw damage("it is cut off") }
    return data
  }
}
