import Glibc

/// Random access to the bytes of a picture, in memory or in an open file, so that a header can be read without the rest.
enum ByteSource {
  case memory([UInt8])
  case file(descriptor: Int32, count: Int)

  var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(_, let count): count
    }
  }

  /// The `length` bytes from `offset` on, or nil when the source ends before (or cannot be read).
  func bytes(at offset: Int, _ length: Int) -> [UInt8]? {
    guard offset >= 0, length >= 0, length <= count, offset <= count - length else { return nil }
    switch self {
    case .memory(let bytes):
      return Array(bytes[offset..<offset + length])
    case .file(let descriptor, _):
      var got = 0
      let read = [UInt8](unsafeUninitializedCapacity: length) { memory, initialized in
        while got < length {
          let step = pread(descriptor, memory.baseAddress! + got, length - got, off_t(offset + got))
          if step < 0, errno == EINTR { continue }
          guard step > 0 else { break }
          got += step
        }
        initialized = got
      }
      return got == length ? read : nil
    }
  }
}

extension [UInt8] {
  /// The big-endian 16-bit number at `index`, which must be in range.
  func big16(_ index: Int) -> Int { Int(self[index]) << 8 | Int(self[index + 1]) }

  /// The big-endian 32-bit number at `index`, which must be in range.
  func big32(_ index: Int) -> Int { big16(index) << 16 | big16(index + 2) }
}
