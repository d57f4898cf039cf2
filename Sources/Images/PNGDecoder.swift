import CPNG
import Language
import Tensors

/// PNG through libpng: every colour type and depth, to whole bytes or 16-bit samples. Gamma, profiles and background
/// chunks are not applied.
enum PNGDecoder {
  static func decode(_ bytes: [UInt8], name: String, _ header: PNGHeader) throws(Fault) -> Image {
    let format = header.format
    let buffer = Buffer(byteCount: header.width * header.height * format.channels * format.bits / 8)
    let cause: String? = bytes.withUnsafeBufferPointer { file in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CPNG_MESSAGE_SIZE)) { message in
        message.initialize(repeating: 0)
        var seen = cpng_header()
        guard let reader = cpng_open(file.baseAddress, file.count, &seen, message.baseAddress) else {
          return String(cString: message.baseAddress!)
        }
        defer { cpng_close(reader) }
        guard Int(seen.width) == header.width, Int(seen.height) == header.height,
          Int(seen.channels) == format.channels, Int(seen.bits) == format.bits
        else { return "contradictory header" }
        let rowBytes = header.width * format.channels * format.bits / 8
        let target = buffer.bytes.assumingMemoryBound(to: UInt8.self)
        return cpng_read(reader, target, rowBytes, message.baseAddress) == 0
          ? nil : String(cString: message.baseAddress!)
      }
    }
    if let cause { throw .damagedImage(name, .png, cause) }
    let shape = [header.height, header.width, format.channels]
    return Image(format: format, pixels: Tensor(dtype: format.dtype, shape: shape, buffer: buffer))
  }
}
