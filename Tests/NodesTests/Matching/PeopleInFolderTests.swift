import Foundation
import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct PeopleInFolderTests {
  @Test func foldersAndNamesTellWhoIsWho() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path + "/Bob Lee", withIntermediateDirectories: true)
    _ = try scratch.file("Bob Lee/2.jpg", "")
    _ = try scratch.file("Bob Lee/1.jpg", "")
    _ = try scratch.file("Ann_Lee_0002.jpg", "")
    _ = try scratch.file("younes.jpg", "")
    let result = try run(PeopleInFolder.op, ["folder": .file(scratch.path)])
    #expect(result[1].list?.compactMap(\.text) == ["Ann_Lee", "Bob Lee", "Bob Lee", "younes"])
    #expect(
      JSONText.of(result[0])?.replacingOccurrences(of: scratch.path, with: "")
        == "[\"/Ann_Lee_0002.jpg\",\"/Bob Lee/1.jpg\",\"/Bob Lee/2.jpg\",\"/younes.jpg\"]")
    #expect(PeopleInFolder.person("_12") == "_12" && PeopleInFolder.person("a_b") == "a_b")
  }

  @Test func anEmptyFolderIsNamed() throws {
    let scratch = try Scratch()
    #expect(
      message { _ = try run(PeopleInFolder.op, ["folder": .file(scratch.path)]) }
        == "there are no photos of people in \(scratch.path)")
  }
}
