import Glibc
import Language
import Synchronization
import Tensors

/// Pictures from files and to files.
public enum ImageFile {
  /// Reads and decodes a JPEG or PNG file.
  public static func read(_ path: String, _ options: DecodeOptions = DecodeOptions()) throws(Fault) -> Image {
    let bytes = try InputFile(path, maximumBytes: options.limits.maximumFileBytes).contents(path)
    return try ImageCodec.decode(bytes, name: path, options)
  }

  /// Encodes and writes a picture, by default in the format of the path's extension. Atomic: whoever opens `path` sees
  /// the old file or the new one, and a failure leaves the old one.
  public static func write(_ image: Image, to path: String, _ encoding: ImageEncoding? = nil) throws(Fault) {
    let chosen: ImageEncoding
    if let encoding {
      chosen = encoding
    } else {
      guard let format = ImageFileFormat(extensionOf: path) else { throw .unknownImageExtension(path) }
      chosen = ImageEncoding(format)
    }
    try replace(path, with: ImageCodec.encode(image, chosen, name: path))
  }

  /// Writes pictures one after the other as an animated PNG, atomically too.
  public static func write(_ frames: [Image], to path: String, _ animation: AnimatedPNG) throws(Fault) {
    try replace(path, with: animation.encode(frames, name: path))
  }

  private static let serial = Atomic<Int>(0)

  /// Writes a sibling file, then renames it over `path`.
  static func replace(_ path: String, with bytes: [UInt8]) throws(Fault) {
    // The name does not grow with the picture's own, which may be as long as the file system allows. It is taken where
    // a killed process of the same number left its file: then the next one serves.
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    var (temporary, descriptor): (String, Int32) = ("", -1)
    for _ in 0..<1000 {
      temporary = "\(folder).weft-\(getpid())-\(serial.add(1, ordering: .relaxed).newValue).part"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor < 0, errno == EEXIST else { break }
    }
    guard descriptor >= 0 else { throw .cannotWrite(path, SystemError.text(errno)) }
    var failure: Int32?
    var done = 0
    while done < bytes.count, failure == nil {
      let step = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if step >= 0 { done += step } else if errno != EINTR { failure = errno }
    }
    if close(descriptor) != 0, failure == nil { failure = errno }
    if failure == nil, rename(temporary, path) != 0 { failure = errno }
    if let failure {
      unlink(temporary)
      throw .cannotWrite(path, SystemError.text(failure))
    }
  }
}
