import CZlib
import Language
import Tensors

/// Pictures one after the other in one PNG file (APNG; W3C Portable Network Graphics, third edition, section 11.3.6).
///
/// Every frame is encoded by libpng; this only puts the frames' chunks into one file.
public struct AnimatedPNG: Sendable {
  /// Milliseconds per frame.
  public var delay: Int
  /// How often it plays; 0 for ever.
  public var plays: Int
  public var level: Int

  public init(delay: Int = 100, plays: Int = 0, level: Int = 6) {
    (self.delay, self.plays, self.level) = (delay, plays, level)
  }

  /// The file. All frames have one size; they are written as rgb8.
  public func encode(_ frames: [Image], name: String) throws(Fault) -> [UInt8] {
    guard let first = frames.first else { throw .noFrames(name) }
    var file = AnimatedPNG.signature
    var sequence: UInt32 = 0
    for (index, frame) in frames.enumerated() {
      guard frame.width == first.width, frame.height == first.height else {
        throw .frameSize(name, index, [frame.height, frame.width], [first.height, first.width])
      }
      let png = try PNGEncoder.encode(frame.converted(to: .rgb8), PNGSettings(level: level), name: name)
      let chunks = AnimatedPNG.chunks(png)
      if index == 0 {
        for chunk in chunks where chunk.type == "IHDR" { AnimatedPNG.append("IHDR", chunk.data, to: &file) }
        AnimatedPNG.append("acTL", bytes(UInt32(frames.count)) + bytes(UInt32(max(0, plays))), to: &file)
      }
      AnimatedPNG.append("fcTL", control(&sequence, first), to: &file)
      for chunk in chunks where chunk.type == "IDAT" {
        if index == 0 {
          AnimatedPNG.append("IDAT", chunk.data, to: &file)
        } else {
          AnimatedPNG.append("fdAT", bytes(sequence) + chunk.data, to: &file)
          sequence += 1
        }
      }
    }
    AnimatedPNG.append("IEND", [], to: &file)
    return file
  }

  /// Number, size, place, delay as a fraction, no disposal, no blending.
  private func control(_ sequence: inout UInt32, _ frame: Image) -> [UInt8] {
    defer { sequence += 1 }
    var data = bytes(sequence)
    for value in [frame.width, frame.height, 0, 0] { data += bytes(UInt32(value)) }
    let delay = UInt16(clamping: self.delay)
    let denominator: UInt16 = 1000
    for value in [delay, denominator] { data += [UInt8(value >> 8), UInt8(value & 255)] }
    return data + [0, 0]
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  private static func chunks(_ png: [UInt8]) -> [(type: String, data: [UInt8])] {
    var found: [(type: String, data: [UInt8])] = []
    var place = signature.count
    while place + 12 <= png.count {
      let length = png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      found.append(
        (String(decoding: png[place + 4..<place + 8], as: UTF8.self), Array(png[place + 8..<place + 8 + length])))
      place += 12 + length
    }
    return found
  }

  private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
    let body = Array(type.utf8) + data
    let checksum = body.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count)))
    }
    file += AnimatedPNG().bytes(UInt32(data.count)) + body + AnimatedPNG().bytes(checksum)
  }

  private func bytes(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
  }
}
