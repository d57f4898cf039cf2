import Language
import Testing

@testable import Nodes

@Suite struct EventFileTests {
  /// RFC 3720, B.4.
  @Test func `the checksum is CRC32C`() {
    #expect(EventFile.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(EventFile.checksum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(EventFile.checksum(Array("123456789".utf8)) == 0xe306_9283)
  }

  /// The bytes that the tensorboard package reads back in Tools/reference/tensorboard_events.py.
  @Test func `a record is length, checksum, event, checksum`() {
    let bytes = EventFile.bytes(of: Table(columns: ["loss", "val_loss"], rows: [[0.5, .nan]]))
    // The head: 9 bytes of wall time and "brain.Event:2" with its tag and length.
    #expect(bytes[0..<8].elementsEqual([24, 0, 0, 0, 0, 0, 0, 0]))
    #expect(String(decoding: bytes[23..<36], as: UTF8.self) == "brain.Event:2")
    let second = 12 + 24 + 4
    let length = Int(bytes[second])
    #expect(bytes.count == second + 12 + length + 4)
    let text = String(decoding: bytes[second...], as: UTF8.self)
    #expect(text.contains("loss/training") && !text.contains("validation"))
  }
}
