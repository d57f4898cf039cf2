import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DataCSVTests {
  @Test func `paths are relative to the list, labels numbers or names`() throws {
    let scratch = try Scratch()
    for value in [10, 20, 30] { try DataFolderTests.picture("\(scratch.path)/p/\(value).png", UInt8(value)) }
    try "file,class\np/30.png,dog\np/10.png, cat\np/20.png,dog\n".write(
      toFile: scratch.path + "/list.csv", atomically: true, encoding: .utf8)
    let results = try run(
      DataCSV.op, ["file": .file(scratch.path + "/list.csv")], ["size": [3, 4], "range": "0..255"])
    let (x, label) = (try DataFolderTests.stream(results[0]), try DataFolderTests.stream(results[1]))
    #expect(try (0..<3).map { try x.checked($0, seed: 0).elements(Float.self)[0] } == [30, 10, 20])
    #expect(try (0..<3).map { try label.checked($0, seed: 0).elements(Float.self)[0] } == [1, 0, 1])
    #expect(results[2].strings == ["cat", "dog"])
    try "p/30.png,2\np/10.png,0\n".write(toFile: scratch.path + "/n.csv", atomically: true, encoding: .utf8)
    let numbered = try run(DataCSV.op, ["file": .file(scratch.path + "/n.csv")], ["size": 4])
    #expect(numbered[2].strings == ["0", "1", "2"])
  }

  @Test func `a bad line is told with its number`() throws {
    let scratch = try Scratch()
    try DataFolderTests.picture("\(scratch.path)/a.png", 1)
    let list = scratch.path + "/list.csv"
    for (text, words) in [
      ("a.png,0\nb.png,1\n", "line 2: there is no file \(scratch.path)/b.png"),
      ("a.png,0\na.png\n", "line 2 is not a path, a comma and a label: \"a.png\""),
    ] {
      try text.write(toFile: list, atomically: true, encoding: .utf8)
      #expect(message { _ = try run(DataCSV.op, ["file": .file(list)], ["size": 4]) } == "\(list): \(words)")
    }
  }
}
