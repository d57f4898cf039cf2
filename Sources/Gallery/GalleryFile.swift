import Glibc
import Language

/// The file of a gallery, before SQLite opens it.
///
/// Nothing here opens the file: closing any descriptor of it would take away the locks that SQLite holds for this process
/// (fcntl(2), "Advisory record locking").
enum GalleryFile {
  /// "Weft", in the header of every gallery.
  static let applicationID = 0x5765_6674

  /// Whether a file is there; refuses folders, pipes and the like.
  static func exists(_ path: String) throws(Fault) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT { return false }
      throw .cannotOpenGallery(path, errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAGallery(path, "it is no regular file") }
    return true
  }

  /// Makes an empty file that only its owner may read. Another process may be quicker.
  static func create(_ path: String) throws(Fault) {
    guard mknod(path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST else { throw .cannotOpenGallery(path, errno) }
  }

  static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }
}
