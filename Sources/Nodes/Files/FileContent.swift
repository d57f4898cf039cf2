import Glibc
import Language
import Synchronization
import Tensors

/// Files and folders, as host ops see them.
enum FileContent {
  /// Digest of a file's bytes, or of the names and contents of everything in a folder.
  static func digest(_ path: String) throws(Fault) -> Digest {
    guard let isFolder = isFolder(path) else { throw .cannotRead(path, errno) }
    var hasher = ContentHasher()
    guard isFolder else { return try fileDigest(path) }
    for name in try names(path) {
      hasher.combine(name)
      hasher.combine(try digest("\(path)/\(name)"))
    }
    return hasher.digest
  }

  /// nil when there is nothing at the path; `errno` says why.
  static func isFolder(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// What lies in a folder, sorted bytewise, without names that begin with a dot.
  static func names(_ path: String) throws(Fault) -> [String] {
    guard let folder = opendir(path) else { throw .cannotRead(path, errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What a file looked like when it was read.
  private struct State: Hashable {
    let path: String
    let device: UInt
    let inode: UInt
    let size: Int
    let modified: [Int]

    init(_ path: String, _ status: stat) {
      self.path = path
      (device, inode, size) = (UInt(status.st_dev), UInt(status.st_ino), Int(status.st_size))
      modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }

    /// A file that changed just now may change again within the resolution of its time stamp.
    var isSettled: Bool { time(nil) - max(modified[0], modified[2]) > 2 }
  }

  /// Files that were read, a model for each of a thousand photos for instance, are not read again while they stay as
  /// they are.
  private static let known = Mutex<[State: Digest]>([:])

  private static func fileDigest(_ path: String) throws(Fault) -> Digest {
    let bytes = try Descriptor(reading: path)
    let state = State(path, bytes.status)
    if let digest = known.withLock({ $0[state] }) { return digest }
    let digest = try digest(bytes, path)
    if state.isSettled {
      known.withLock {
        // Folders of pictures are read once.
        if $0.count >= 1024 { $0.removeAll() }
        $0[state] = digest
      }
    }
    return digest
  }

  private static func digest(_ bytes: borrowing Descriptor, _ path: String) throws(Fault) -> Digest {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var hasher = ContentHasher()
    while true {
      // Pieces are filled to the brim, so that the digest does not depend on how reads were cut.
      let filled = try bytes.fill(piece, path)
      hasher.combine(UnsafeRawBufferPointer(rebasing: piece[..<filled]))
      if filled < piece.count { return hasher.digest }
    }
  }

  /// The bytes of a regular file of at most `limit` bytes.
  static func bytes(_ path: String, limit: Int = 1 << 30) throws(Fault) -> [UInt8] {
    let descriptor = try Descriptor(reading: path)
    guard descriptor.count <= limit else { throw .fileTooLarge(path, descriptor.count, limit: limit) }
    var fault: Fault?
    let bytes = [UInt8](unsafeUninitializedCapacity: descriptor.count) { memory, count in
      do throws(Fault) {
        count = try descriptor.fill(UnsafeMutableRawBufferPointer(memory), path)
      } catch { fault = error }
    }
    if let fault { throw fault }
    return bytes
  }
}

/// An open regular file; closed when it goes.
private struct Descriptor: ~Copyable {
  let number: Int32
  let status: stat
  var count: Int { Int(status.st_size) }

  init(reading path: String) throws(Fault) {
    // Non-blocking, because opening a pipe would wait for its writer.
    number = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    var found = stat()
    guard number >= 0 else {
      status = found
      throw .cannotRead(path, errno)
    }
    let isRegular = fstat(number, &found) == 0 && found.st_mode & S_IFMT == S_IFREG
    status = found
    guard isRegular else { throw .notAFile(path) }
  }

  deinit { if number >= 0 { close(number) } }

  /// Reads until the memory is full or the file ends.
  func fill(_ memory: UnsafeMutableRawBufferPointer, _ path: String) throws(Fault) -> Int {
    var done = 0
    while done < memory.count {
      let count = read(number, memory.baseAddress! + done, memory.count - done)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path, errno) }
      if count == 0 { break }
      done += count
    }
    return done
  }
}
