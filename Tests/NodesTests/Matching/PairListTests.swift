import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct PairListTests {
  @Test func pathsStartAtTheList() throws {
    let scratch = try Scratch()
    _ = try scratch.file("a.jpg", "")
    _ = try scratch.file("b.jpg", "")
    let list = try scratch.file("pairs.csv", "a.jpg,b.jpg,0\na.jpg,\(scratch.path)/a.jpg,True\n")
    let result = try run(PairList.op, ["file": .file(list)])
    #expect(JSONText.of(result[2]) == "[false,true]")
    #expect(JSONText.of(result[1]) == "[\"\(scratch.path)/b.jpg\",\"\(scratch.path)/a.jpg\"]")
  }

  @Test func mistakesHaveARow() throws {
    let scratch = try Scratch()
    _ = try scratch.file("a.jpg", "")
    let bad = try scratch.file("x.csv", "a.jpg,a.jpg,maybe\n")
    #expect(
      message { _ = try run(PairList.op, ["file": .file(bad)]) }
        == "\(bad): row 1 is not two paths and 1, 0, true or false")
    let gone = try scratch.file("y.csv", "a.jpg,gone.jpg,1\n")
    #expect(
      message { _ = try run(PairList.op, ["file": .file(gone)]) }
        == "\(gone): row 1: there is no file \"\(scratch.path)/gone.jpg\"")
  }
}
