import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct MappedFileTests {
  /// Kilobytes of the mapping that holds `place` that are in memory.
  private func residentKilobytes(_ place: UnsafeRawPointer) throws -> Int {
    // Its size is told as 0, so that it is read to where it ends.
    let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
    let lines = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
    let index = try #require(
      lines.firstIndex { line in
        let ends = line.prefix { $0 != " " }.split(separator: "-").map { UInt($0, radix: 16) }
        guard ends.count == 2, let start = ends[0], let end = ends[1] else { return false }
        return start <= UInt(bitPattern: place) && UInt(bitPattern: place) < end
      })
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
