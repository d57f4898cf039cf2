import CPNG
import Language
import Tensors

enum PNGEncoder {
  static func encode(_ image: Image, _ settings: PNGSettings, name: String) throws(Fault) -> [UInt8] {
    guard (0...9).contains(settings.level) else { throw .optionOutOfRange("the PNG level", settings.level, 0...9) }
    var header = cpng_header(
      width: UInt32(image.width), height: UInt32(image.height), channels: Int32(image.format.channels),
      bits: Int32(image.format.bits))
    let texts = try EncodedTexts(settings.texts)
    var (bytes, count): (UnsafeMutablePointer<UInt8>?, Int) = (nil, 0)
    let cause: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CPNG_MESSAGE_SIZE)) { message in
      message.initialize(repeating: 0)
      let code = withExtendedLifetime(image) {
        let pixels = image.pixels.bytes.assumingMemoryBound(to: UInt8.self)
        return texts.withUnsafeTexts { list in
          cpng_write(
            pixels.baseAddress, &header, Int32(settings.level), list.baseAddress, Int32(list.count), &bytes, &count,
            message.baseAddress)
        }
      }
      return code == 0 ? nil : String(cString: message.baseAddress!)
    }
    if let cause { throw .cannotEncode(name, .png, cause) }
    defer { cpng_release(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}

/// Keys and values as zero-terminated bytes in one block of memory, as the C side wants them.
private struct EncodedTexts {
  private var bytes: [CChar] = []
  private var entries: [(key: Int, text: Int, isUTF8: Bool)] = []

  init(_ texts: [PNGSettings.Text]) throws(Fault) {
    for text in texts {
      guard let key = Self.latin1(text.key), (1...79).contains(key.count), key.first != 32, key.last != 32,
        key.allSatisfy({ (32...126).contains($0) || $0 >= 161 })
      else { throw .badTextKey(text.key) }
      let latin1 = Self.latin1(text.value)
      entries.append((append(key), append(latin1 ?? Array(text.value.utf8)), latin1 == nil))
    }
  }

  private static func latin1(_ text: String) -> [UInt8]? {
    let scalars = text.unicodeScalars
    return scalars.allSatisfy { $0.value < 256 } ? scalars.map { UInt8($0.value) } : nil
  }

  /// A zero byte would end the text early, so it becomes a space.
  private mutating func append(_ text: [UInt8]) -> Int {
    let start = bytes.count
    bytes += text.map { CChar(bitPattern: $0 == 0 ? 32 : $0) } + [0]
    return start
  }

  func withUnsafeTexts<R>(_ body: (UnsafeBufferPointer<cpng_text>) -> R) -> R {
    bytes.withUnsafeBufferPointer { memory in
      let list = entries.map { entry in
        cpng_text(
          key: memory.baseAddress! + entry.key, text: memory.baseAddress! + entry.text, is_utf8: entry.isUTF8 ? 1 : 0)
      }
      return list.withUnsafeBufferPointer(body)
    }
  }
}
