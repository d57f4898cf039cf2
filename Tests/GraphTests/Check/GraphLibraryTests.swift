import TestSupport
import Testing

@testable import Graph

@Suite struct GraphLibraryTests {
  @Test func pathsJoin() {
    #expect(GraphLibrary.join("a/b", "c.json") == "a/b/c.json" && GraphLibrary.join("a/b", "../c.json") == "a/c.json")
    #expect(GraphLibrary.join("", "c.json") == "c.json" && GraphLibrary.join("a", "../../c.json") == "../c.json")
    #expect(GraphLibrary.join("/a/./b", "c") == "/a/b/c")
    #expect(
      GraphLibrary.folder(of: "a/b/c") == "a/b" && GraphLibrary.folder(of: "c") == ""
        && GraphLibrary.folder(of: "/c") == "/")
  }

  @Test func filesBesideTheAskingOneComeFirst() {
    var files = MemoryFiles()
    for path in ["lib/net.json", "here/net.json", "lib/other.json"] { files.texts[path] = "{}" }
    let library = GraphLibrary(access: files, searchPaths: ["lib"])
    #expect(library.resolve("net.json", from: "here/g.json") == "here/net.json")
    #expect(library.resolve("other.json", from: "here/g.json") == "lib/other.json")
    #expect(library.resolve("none.json", from: "here/g.json") == nil)
    #expect(library.suggestion("othr.json", from: "here/g.json") == " (did you mean \"other.json\"?)")
  }
}
