import CZlib
import Language
import Tensors

/// The members of a zip archive (APPNOTE 6.3, with zip64), stored or deflated, not encrypted, in one part.
struct ZipArchive {
  struct Member: Sendable {
    let name: String
    /// 0 stored, 8 deflated.
    let method: Int
    let checksum: UInt32
    let storedSize: Int
    let size: Int
    /// Where the member's data begins in the file.
    let dataOffset: Int
  }

  let members: [Member]
  private let buffer: Buffer
  private let file: String

  private var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount) }

  init(_ buffer: Buffer, _ file: String) throws(Fault) {
    self.buffer = buffer
    self.file = file
    let reader = ZipReader(UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount), file)
    members = try reader.members()
  }

  /// Where a stored member lies, for reading in place; its checksum is not checked.
  func range(_ member: Member) -> Range<Int>? {
    member.method == 0 ? member.dataOffset..<member.dataOffset + member.storedSize : nil
  }

  /// A member's bytes, or only its first `limit`. Whole members are checked against their checksum.
  func contents(_ member: Member, limit: Int = .max) throws(Fault) -> Buffer {
    let wanted = min(member.size, limit)
    let result = Buffer(byteCount: wanted)
    let source = bytes.baseAddress! + member.dataOffset
    if member.method == 0 {
      result.bytes.copyMemory(from: source, byteCount: wanted)
    } else {
      try inflate(member, source, into: result)
    }
    if wanted == member.size {
      let checksum = crc32_z(0, result.bytes.assumingMemoryBound(to: UInt8.self), wanted)
      guard UInt32(truncatingIfNeeded: checksum) == member.checksum else {
        throw .malformed(file, "zip", "the checksum of \"\(member.name)\" is wrong")
      }
    }
    return result
  }

  /// Inflates until `result` is full.
  private func inflate(_ member: Member, _ source: UnsafeRawPointer, into result: Buffer) throws(Fault) {
    var stream = z_stream()
    guard weft_inflate_open(&stream) == Z_OK else { throw .malformed(file, "zip", "zlib cannot start") }
    defer { inflateEnd(&stream) }
    // zlib counts in 32 bits.
    let portion = 1 << 30
    var (taken, made) = (0, 0)
    var status = Z_OK
    while made < result.byteCount, status == Z_OK {
      let (input, room) = (min(portion, member.storedSize - taken), min(portion, result.byteCount - made))
      // zlib does not write to its input.
      stream.next_in = UnsafeMutablePointer(
        mutating: (source + taken).assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(input)
      stream.next_out = (result.bytes + made).assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(room)
      status = CZlib.inflate(&stream, Z_NO_FLUSH)
      taken += input - Int(stream.avail_in)
      made += room - Int(stream.avail_out)
    }
    guard made == result.byteCount else {
      throw .malformed(file, "zip", "the compressed data of \"\(member.name)\" is damaged")
    }
  }
}
