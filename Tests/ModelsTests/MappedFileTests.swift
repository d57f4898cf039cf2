import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct MappedFileTests {
  /// Kilobytes of the mapping from `start` on that are in memory.
  private func residentKilobytes(_ start: UnsafeRawPointer) throws -> Int {
    let prefix = String(UInt(bitPattern: start), radix: 16) + "-"
    let lines = try String(contentsOfFile: "/proc/self/smaps", encoding: .utf8).split(separator: "\n")
    let index = try #require(lines.firstIndex { $0.hasPrefix(prefix) })
    let line = try #require(lines[index...].first { $0.hasPrefix("Rss:") })
    return try #require(Int(line.split(separator: " ")[1]))
  }

  @Test func pagesThatAreGivenUpAreReadAgain() throws {
    try withFolder { folder in
      let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
      try write(bytes, to: folder + "/bytes")
      let buffer = try MappedFile.open(folder + "/bytes")
      let content = UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount)
      #expect(content.elementsEqual(bytes))
      let before = try residentKilobytes(buffer.bytes)
      buffer.giveUp(5000..<buffer.byteCount)
      let after = try residentKilobytes(buffer.bytes)
      #expect(before >= 292 && after <= before - 280)
      #expect(content.elementsEqual(bytes))
    }
  }
}
