import Language
import TestSupport
import Tensors
import Testing

@testable import Images

@Suite struct AnimatedPNGTests {
  private func frame(_ value: UInt8, width: Int = 5) -> Image {
    Image(format: .rgb8, pixels: Tensor(shape: [4, width, 3], Array(repeating: value, count: 12 * width)))
  }

  @Test func `chunks stand in the order of the standard, and the first frame is the picture`() throws {
    let bytes = try AnimatedPNG(delay: 40).encode([frame(10), frame(200), frame(90)], name: "a.apng")
    var (types, place) = ([String](), 8)
    var sequence: [Int] = []
    while place < bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      types.append(type)
      if type == "fcTL" || type == "fdAT" {
        sequence.append(bytes[place + 8..<place + 12].reduce(0) { $0 << 8 | Int($1) })
      }
      if type == "acTL" { #expect(bytes[place + 8..<place + 12].reduce(0) { $0 << 8 | Int($1) } == 3) }
      place += 12 + length
    }
    #expect(types == ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"])
    #expect(sequence == [0, 1, 2, 3, 4])
    // A reader that knows no animation sees the first frame; it also checks every checksum.
    #expect(try ImageCodec.decode(bytes, name: "a.apng", DecodeOptions()) == frame(10))
  }

  @Test func refusals() {
    #expect(throws: Fault.self) { try AnimatedPNG().encode([], name: "a.apng") }
    do {
      _ = try AnimatedPNG().encode([frame(1), frame(2, width: 6)], name: "a.apng")
      Issue.record("frames of two sizes were taken")
    } catch { #expect(error.message == "cannot write a.apng: picture 1 is 6×4, the first is 5×4") }
  }
}
