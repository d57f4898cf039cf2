import Glibc

/// Memory of a tensor: 64-byte aligned, written once by whoever makes it and read-only from then on.
///
/// Bytes past `byteCount` up to the next multiple of 64 are readable, so that vector loads may run over the end.
public final class Buffer: @unchecked Sendable {
  // Unchecked because the pointer is not Sendable; safe because a buffer is filled before it is shared and its
  // owner never hands out the mutable pointer after that (`Tensor` offers it only while building).
  public let bytes: UnsafeMutableRawPointer
  public let byteCount: Int
  private let release: (@Sendable (UnsafeMutableRawPointer) -> Void)?
  /// Whether the memory is a read-only map of a file: pages that are given up are read again when they are touched.
  private let isFile: Bool

  /// Fresh memory, zeroed if asked.
  public init(byteCount: Int, zeroed: Bool = false) {
    let capacity = Buffer.capacity(byteCount)
    bytes =
      capacity < BufferPool.smallest
      ? .allocate(byteCount: capacity, alignment: 64) : BufferPool.shared.take(capacity)
    self.byteCount = byteCount
    release = nil
    isFile = false
    if zeroed { bytes.initializeMemory(as: UInt8.self, repeating: 0, count: capacity) }
  }

  /// Gives the memory of buffers that are gone back to the system, where it was kept for the next ones.
  public static func releaseKept() { BufferPool.shared.releaseAll() }

  private static func capacity(_ byteCount: Int) -> Int { max(64, (byteCount + 127) & ~63) }

  /// Memory that somebody else owns; `release` is called when the last tensor over it goes.
  /// - Parameter isFile: it is a read-only map of a file.
  public init(
    borrowing bytes: UnsafeMutableRawPointer, byteCount: Int, isFile: Bool = false,
    release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
  ) {
    self.bytes = bytes
    self.byteCount = byteCount
    self.isFile = isFile
    self.release = release
  }

  /// Gives up the whole pages of a mapped file within these bytes, which are not expected to be read again soon; other
  /// memory stays as it is.
  public func giveUp(_ range: Range<Int>) {
    guard isFile else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (range.lowerBound + page - 1) / page * page
    let last = range.upperBound / page * page
    if last > first { madvise(bytes + first, last - first, MADV_DONTNEED) }
  }

  deinit {
    if let release { return release(bytes) }
    let capacity = Buffer.capacity(byteCount)
    if capacity < BufferPool.smallest { bytes.deallocate() } else { BufferPool.shared.give(bytes, capacity) }
  }
}
