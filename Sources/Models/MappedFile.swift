import Glibc
import Language
import Tensors

/// Files as memory.
enum MappedFile {
  /// Maps a regular file read-only. Nothing is read until it is touched, and 64 bytes past the end are readable, as
  /// `Buffer` promises. The file must not be shortened while tensors over it live (a process that replaces it by
  /// renaming does no harm).
  static func open(_ path: String) throws(Fault) -> Buffer {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotOpen(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path) }
    let size = Int(status.st_size)
    // The file goes over the start of a larger reservation of zeros, so that the end of its last page is no cliff.
    let reserved = size + 64
    guard let start = mmap(nil, reserved, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), start != MAP_FAILED else {
      throw .cannotOpen(path, errno)
    }
    if size > 0, mmap(start, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) == MAP_FAILED {
      let error = errno
      munmap(start, reserved)
      throw .cannotOpen(path, error)
    }
    return Buffer(borrowing: start, byteCount: size, isFile: true) { munmap($0, reserved) }
  }

  /// Writes a sibling file piece by piece, then renames it over `path`: whoever opens `path` sees the old file or the
  /// whole new one. `isPrivate`: only its owner may read it.
  static func replace(
    _ path: String, with pieces: [UnsafeRawBufferPointer], isPrivate: Bool = false
  ) throws(Fault) {
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .cannotWrite(path, errno) }
    var failure: Int32 = 0
    write: for piece in pieces {
      var done = 0
      while done < piece.count {
        let step = Glibc.write(descriptor, piece.baseAddress! + done, piece.count - done)
        if step < 0, errno == EINTR { continue }
        if step < 0 {
          failure = errno
          break write
        }
        done += step
      }
    }
    // `mkstemp` makes private files; the new one gets what an ordinary creation would give.
    let mask = umask(0)
    umask(mask)
    if failure == 0, !isPrivate, fchmod(descriptor, 0o666 & ~mask) != 0 { failure = errno }
    if failure == 0, fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(template, path) != 0 { failure = errno }
    if failure != 0 {
      unlink(template)
      throw .cannotWrite(path, failure)
    }
  }
}
