import Foundation
import TestSupport
import Testing

/// `weft cache`: looking after the store.
@Suite struct CacheCommandTests {
  private func program() throws -> WeftProgram {
    let program = try WeftProgram()
    #expect(try program.run(["init", "thumbnail"]).status == 0)
    for (name, grey) in [("a", 10), ("b", 200)] {
      try program.photo("in/\(name).png", grey: UInt8(grey), width: 40, height: 30)
    }
    return program
  }

  private func ran(_ program: WeftProgram) throws -> [String: Int] {
    let outcome = try program.run(["run", "thumbnail.json", "photo=in", "size=16", "--json", "--cache", "store"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return Dictionary(
      uniqueKeysWithValues: outcome.items.map { ($0["item"] as? String ?? "", $0["ran"] as? Int ?? -1) })
  }

  @Test func forgettingAPhotoForgetsOnlyThat() throws {
    let program = try program()
    defer { program.remove() }
    #expect(try ran(program).values.allSatisfy { $0 > 0 })
    #expect(try ran(program) == ["in/a.png": 0, "in/b.png": 0])
    let forgotten = try program.run(["cache", "forget", "in/a.png", "--cache", "store"])
    #expect(forgotten.status == 0 && forgotten.output.hasPrefix("in/a.png: "), "\(forgotten.errors)")
    #expect(!forgotten.output.contains(": 0 entries"))
    let after = try ran(program)
    #expect(after["in/a.png"]! > 0 && after["in/b.png"] == 0, "\(after)")
    #expect(try program.run(["cache", "forget", "none.png", "--cache", "store"]).status == 2)
  }

  @Test func statsVerifyPruneAndClear() throws {
    let program = try program()
    defer { program.remove() }
    _ = try ran(program)
    func cache(_ arguments: String...) throws -> WeftProgram.Outcome {
      try program.run(["cache"] + arguments + ["--cache", "store"])
    }
    let stats = try cache("stats")
    #expect(stats.output.hasPrefix("folder       store\nresults      "), "\(stats.output)")
    #expect(!stats.output.contains("results      0 of 0 keys"))
    let verified = try cache("verify")
    #expect(verified.status == 0 && verified.output.hasSuffix(" sound, 0 damaged\n"), "\(verified.output)")

    // One bit of one entry.
    let store = program.folder.appendingPathComponent("store")
    let files = try #require(FileManager.default.enumerator(at: store, includingPropertiesForKeys: [.fileSizeKey]))
      .compactMap { $0 as? URL }.filter { $0.path.contains("/blobs/") && !$0.hasDirectoryPath }
    let largest = try #require(
      files.max {
        try! $0.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
          < $1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
      })
    var bytes = try Data(contentsOf: largest)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: largest)
    let damaged = try cache("verify")
    #expect(damaged.status == 1 && damaged.output.hasSuffix(", 1 damaged\n"), "\(damaged.output)")
    #expect(try cache("verify").status == 0)

    #expect(try cache("prune", "--limit", "lots").status == 2)
    #expect(try cache("prune", "--limit", "1").output.hasSuffix(" freed\n"))
    _ = try ran(program)
    #expect(try cache("clear").status == 0)
    #expect(try cache("stats").output.contains("results      0 of 0 keys, 0 checkpoints"))
    #expect(try ran(program).values.allSatisfy { $0 > 0 })
  }
}
