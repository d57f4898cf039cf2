import Glibc
import Tensors

/// Matrices on disk, beside the gallery that they can always be made from again. A damaged or absent one is no fault.
enum MatrixFile {
  static func path(_ gallery: String, _ rule: MatchRule) -> String {
    gallery + (rule == .best ? "-matrix" : "-means")
  }

  /// Maps a matrix; nil when there is none or it is damaged.
  static func open(_ path: String) -> EmbeddingMatrix? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size >= EmbeddingMatrix.headerSize
    else { return nil }
    let size = Int(status.st_size)
    // Nobody shortens a matrix: a new one replaces it by renaming.
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else { return nil }
    madvise(start, size, MADV_WILLNEED)
    return EmbeddingMatrix(Buffer(borrowing: start, byteCount: size) { munmap($0, size) })
  }

  /// Writes a matrix for its owner's eyes only. Where that is not possible nothing is left, and nothing lost but time.
  static func write(_ matrix: EmbeddingMatrix, to path: String) {
    var template = Array("\(path).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return }
    var done = 0
    while done < matrix.buffer.byteCount {
      let step = Glibc.write(descriptor, matrix.buffer.bytes + done, min(1 << 26, matrix.buffer.byteCount - done))
      if step < 0, errno == EINTR { continue }
      if step <= 0 { break }
      done += step
    }
    let isClosed = close(descriptor) == 0
    guard isClosed, done == matrix.buffer.byteCount, rename(template, path) == 0 else {
      unlink(template)
      return
    }
  }

  static func remove(_ path: String) { unlink(path) }
}
