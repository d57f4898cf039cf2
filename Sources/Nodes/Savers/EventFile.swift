import Language
import Tensors

/// Tables as TensorBoard's event files: one scalar per column and row, the row's number as its step.
///
/// The file is a TFRecord (length, masked CRC32C of it, data, masked CRC32C of that; TensorFlow, tfrecord.proto and
/// record_writer.cc), each record an `Event` in protocol buffers (event.proto, summary.proto). Wall times are the steps
/// too, so that equal logs make equal files.
enum EventFile {
  static func bytes(of table: Table) -> [UInt8] {
    var file: [UInt8] = []
    var head = Message()
    head.double(1, 0)
    head.bytes(3, Array("brain.Event:2".utf8))
    append(head.content, to: &file)
    for (step, row) in table.rows.enumerated() {
      var summary = Message()
      // What was not measured at this step is left out.
      for (column, number) in zip(table.columns, row) where number.isFinite {
        var value = Message()
        value.bytes(1, Array(tag(column).utf8))
        value.float(2, Float(number))
        summary.bytes(1, value.content)
      }
      var event = Message()
      event.double(1, Double(step))
      event.varint(2, UInt64(step))
      event.bytes(5, summary.content)
      append(event.content, to: &file)
    }
    return file
  }

  /// `val_loss` and `loss` side by side, as Keras groups them.
  private static func tag(_ column: String) -> String {
    column.hasPrefix("val_") ? "\(column.dropFirst(4))/validation" : "\(column)/training"
  }

  private static func append(_ data: [UInt8], to file: inout [UInt8]) {
    let length = littleEndian(UInt64(data.count), 8)
    file += length + littleEndian(UInt64(masked(length)), 4) + data + littleEndian(UInt64(masked(data)), 4)
  }

  private static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }

  /// Rotated and shifted, so that checksums of data with checksums in it stay sound.
  private static func masked(_ data: [UInt8]) -> UInt32 {
    let crc = checksum(data)
    return (crc >> 15 | crc << 17) &+ 0xa282_ead8
  }

  /// CRC32C (Castagnoli), reflected.
  static func checksum(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~UInt32(0)) { crc, byte in crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xff)] }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
  }

  /// A message of protocol buffers under construction.
  private struct Message {
    var content: [UInt8] = []

    private mutating func number(_ value: UInt64) {
      var rest = value
      while rest >= 0x80 {
        content.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      content.append(UInt8(rest))
    }

    mutating func varint(_ field: Int, _ value: UInt64) {
      number(UInt64(field) << 3)
      number(value)
    }

    mutating func double(_ field: Int, _ value: Double) {
      number(UInt64(field) << 3 | 1)
      content += EventFile.littleEndian(value.bitPattern, 8)
    }

    mutating func float(_ field: Int, _ value: Float) {
      number(UInt64(field) << 3 | 5)
      content += EventFile.littleEndian(UInt64(value.bitPattern), 4)
    }

    mutating func bytes(_ field: Int, _ value: [UInt8]) {
      number(UInt64(field) << 3 | 2)
      number(UInt64(value.count))
      content += value
    }
  }
}
