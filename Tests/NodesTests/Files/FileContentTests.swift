import Foundation
import Testing

@testable import Nodes

@Suite struct FileContentTests {
  @Test func aFileThatChangedIsReadAgain() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    func write(_ text: String, secondsAgo: Double) throws {
      try text.write(to: file, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -secondsAgo)], ofItemAtPath: file.path)
    }
    try write("one", secondsAgo: 100)
    let first = try FileContent.digest(file.path)
    #expect(try FileContent.digest(file.path) == first)
    // The same length and the same modification time.
    try write("two", secondsAgo: 100)
    let second = try FileContent.digest(file.path)
    #expect(second != first)
    try write("one", secondsAgo: 50)
    #expect(try FileContent.digest(file.path) == first)
  }
}
