import Language

/// Strict JSON (RFC 8259) with positions. What other readers let pass is refused here: duplicate keys, a byte order
/// mark, lone surrogates, integers beyond 64 bits, numbers beyond Double.
public enum JSON {
  /// Bytes; larger files are refused.
  public static let maximumSize = 64 << 20
  /// Containers inside one another.
  public static let maximumDepth = 128

  /// The value that `bytes` holds. Throws the first fault (`syntax` or `duplicate-key`). Linear time.
  public static func parse(_ bytes: [UInt8], file: String) throws(Fault) -> JSONValue {
    let (value, faults) = read(bytes, file: file)
    if let fault = faults.first { throw fault }
    return value!
  }

  /// Like `parse`, but goes on after duplicate keys, of which the first one counts: the value, unless the syntax is
  /// wrong, and every fault.
  public static func read(_ bytes: [UInt8], file: String) -> (JSONValue?, [Fault]) {
    read(bytes, file: file, handing: nil)
  }

  /// Like `read`; `handed` gets the members of an object that a file may have too many of to hold them all.
  static func read(_ bytes: [UInt8], file: String, handing handed: HandedMembers?) -> (JSONValue?, [Fault]) {
    guard bytes.count <= maximumSize else {
      return (nil, [.fileTooLarge(bytes: bytes.count, limit: maximumSize, at: Place(file: file, line: 1, column: 1))])
    }
    return bytes.withUnsafeBufferPointer { buffer in
      var reader = JSONReader(buffer, file: file)
      do throws(Fault) {
        let value = try reader.readFile(handed)
        return (value, reader.duplicates)
      } catch {
        return (nil, reader.duplicates + [error])
      }
    }
  }
}
