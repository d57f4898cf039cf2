import Foundation
import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct FileNamesTests {
  @Test(arguments: [("a/b.c/photo.tar.gz", "photo.tar"), ("x", "x"), ("a/.hidden", ".hidden"), ("/p.png", "p")])
  func `the stem is the name without its extension`(_ path: String, _ stem: String) throws {
    #expect(try run(FileStem.op, ["file": .file(path)])[0].text == stem)
  }

  @Test func `a folder lists its files that match`() throws {
    let scratch = try Scratch()
    for name in ["b.png", "a.png", "B.png", "c.txt", ".h.png"] { _ = try scratch.file(name, "") }
    try FileManager.default.createDirectory(atPath: scratch.path + "/d.png", withIntermediateDirectories: true)
    func names(_ pattern: String) throws -> [String] {
      try run(FileList.op, ["folder": .file(scratch.path)], ["pattern": .string(pattern)])[0].list!.map { item in
        guard case .file(let path) = item else { throw Fault("test", "no file") }
        return String(path.dropFirst(scratch.path.count + 1))
      }
    }
    #expect(try names("*") == ["B.png", "a.png", "b.png", "c.txt"])
    #expect(try names("[ab].png") == ["a.png", "b.png"])
  }
}
