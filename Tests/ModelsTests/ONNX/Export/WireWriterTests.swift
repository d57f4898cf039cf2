import Testing

@testable import Models

@Suite struct WireWriterTests {
  @Test func `fields are those of the encoding's own examples`() {
    var writer = WireWriter()
    writer.int(1, 150)
    writer.text(2, "testing")
    writer.message(3) { $0.int(1, 150) }
    #expect(
      writer.bytes
        == [0x08, 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67, 0x1a, 0x03, 0x08, 0x96, 0x01])
  }

  @Test func `negative integers take ten bytes, floats four, little end first`() {
    var writer = WireWriter()
    writer.int(1, -2)
    writer.float(2, 1)
    #expect(
      writer.bytes == [0x08, 0xfe] + Array(repeating: 0xff, count: 8) + [0x01, 0x15, 0x00, 0x00, 0x80, 0x3f])
  }
}
