import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct FileColumnTests {
  @Test(arguments: ["\n", "\r\n", "\r"]) func everyLineEndIsOne(_ end: String) throws {
    let scratch = try Scratch()
    let file = try scratch.file("x.csv", "1,\"a, b\"" + end + end + "2,c" + end)
    #expect(
      try run(FileColumn.op, ["file": .file(file)], ["column": 1])[0].list?.compactMap(\.text) == ["a, b", "c"])
    #expect(
      try run(FileColumn.op, ["file": .file(file)], ["header": true])[0].list?.compactMap(\.text) == ["2"])
    #expect(
      message { _ = try run(FileColumn.op, ["file": .file(file)], ["column": 2]) }
        == "\(file): row 1 has 2 cells, but column 2 is asked for")
  }
}
