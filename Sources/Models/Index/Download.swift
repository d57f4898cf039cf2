import CFetch
import Glibc
import Language

/// One file over HTTP, resumed where it broke off.
enum Download {
  /// Bytes that are here, and of how many; 0 where the server does not say.
  typealias Progress = (_ now: Int, _ total: Int) -> Void

  /// Fetches `url` into `part`, going on where an earlier download ended; `part.version` holds the server's word for
  /// the version those bytes are of.
  ///
  /// - Throws: what went wrong; what came so far is kept for the next time, unless it is of no use.
  static func fetch(_ url: String, into part: String, progress: Progress?) throws(Fault) {
    let descriptor = open(part, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(part, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotWrite(part, errno) }
    let version = part + ".version"
    var result = transfer(url, descriptor, offset: Int(status.st_size), version: word(version), progress)
    if result.status == 416 {
      // The server has no bytes after those here: they are not the beginning of its file, or all of it.
      guard ftruncate(descriptor, 0) == 0 else { throw .cannotWrite(part, errno) }
      result = transfer(url, descriptor, offset: 0, version: "", progress)
    }
    keep(text(result.version), version)
    // Writes that the disk took late.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .cannotWrite(part, errno) }
    try check(result, url, part)
    unlink(version)
  }

  private static func transfer(
    _ url: String, _ descriptor: Int32, offset: Int, version: String, _ progress: Progress?
  ) -> weft_fetch_result {
    var result = weft_fetch_result()
    withoutActuallyEscaping(progress ?? { _, _ in }) { progress in
      withUnsafePointer(to: progress) { context in
        url.withCString { url in
          version.withCString { version in
            var request = weft_fetch_request(
              url: url, descriptor: descriptor, offset: Int64(offset), version: version,
              progress: { context, now, total in
                context!.assumingMemoryBound(to: Progress.self).pointee(Int(now), Int(total))
                return 0
              }, context: UnsafeMutableRawPointer(mutating: context))
            weft_fetch(&request, &result)
          }
        }
      }
    }
    return result
  }

  private static func check(_ result: weft_fetch_result, _ url: String, _ part: String) throws(Fault) {
    switch Int(result.outcome) {
    case weft_fetch_done: return
    case weft_fetch_no_library: throw .noCurl()
    case weft_fetch_refused:
      throw .refused(url, Int(result.status))
    case weft_fetch_cut_off:
      throw .cutOff(url, ModelFolder.size(part) ?? 0, of: Int(result.total))
    case weft_fetch_write_failed:
      throw .cannotKeep(part, result.number)
    default: throw .unreachable(url, text(result.message))
    }
  }

  /// A C array of characters.
  private static func text<T>(_ characters: T) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static func word(_ path: String) -> String { ModelFolder.text(path) ?? "" }

  private static func keep(_ word: String, _ path: String) {
    guard !word.isEmpty, let file = fopen(path, "we") else { return }
    fputs(word, file)
    fclose(file)
  }
}
