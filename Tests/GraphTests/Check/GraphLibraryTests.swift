import Language
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

  private struct Named: ModelCatalogue {
    let names = ["net", "far"]

    func model(_ name: String) -> KnownModel? {
      switch name {
      case "net": KnownModel(path: "home/net.onnx", pull: "pull net")
      case "far": KnownModel(path: nil, pull: "pull far", outputs: [("y", "tensor<f32>[1,4]")])
      default: nil
      }
    }
  }

  @Test func modelsHaveNames() {
    var files = MemoryFiles()
    files.texts["net"] = "{}"
    #expect(GraphLibrary(access: files, models: Named()).resolve("net", from: nil) == "net")
    let library = GraphLibrary(access: MemoryFiles(), models: Named())
    #expect(library.resolve("net", from: nil) == "home/net.onnx" && library.resolve("far", from: nil) == nil)
    #expect(library.suggestion("far", from: nil) == " here yet (pull far gets it)")
    #expect(library.suggestion("nett", from: nil) == " (did you mean \"net\"?)")
  }

  @Test func anAbsentModelIsCheckedByItsIndex() {
    var files = MemoryFiles()
    files.texts["g.json"] = """
      { "format": 1, "inputs": { "x": "tensor<f32>" }, "nodes": { "n": { "op": "far", "in": { "x": "@x" } } },
        "outputs": { "y": "n" } }
      """
    let library = GraphLibrary(access: files, models: Named())
    let checked = Checker.check("g.json", registry: CheckedOps.registry, library: library)
    #expect(checked.isSound && checked.graph.outputs.first?.type.description == "tensor<f32>[1,4]")
    #expect(
      checked.faults.map(\.message) == [
        "the model \"far\" is not there (pull far): it is checked by what the model index says"
      ])
    let run = Checker.check("g.json", registry: CheckedOps.registry, library: library, needsValues: true)
    #expect(run.faults.map(\.message).contains("there is no file \"far\" here yet (pull far gets it)"))
  }

  private static let base = """
    { "format": 1, "params": { "wide": { "type": "int", "default": 4, "max": 9, "doc": "channels" },
      "net": { "type": "file", "default": "x.bin" } }, "outputs": {} }
    """

  @Test func paramsOfOtherFilesComeWithTheirDefaultsBoundsAndDocs() throws {
    var files = MemoryFiles()
    files.texts["lib/base.json"] = Self.base
    files.texts["lib/x.bin"] = ""
    files.texts["lib/more.json"] = """
      { "format": 1, "params": { "*": "base.json", "wide": { "default": 6 } }, "outputs": {} }
      """
    files.texts["g.json"] = """
      { "format": 1,
        "params": { "deep": { "type": "int", "default": 1 }, "*": ["more.json", "base.json"] }, "outputs": {} }
      """
    let library = GraphLibrary(access: files, searchPaths: ["lib"])
    let checked = Checker.check("g.json", registry: CheckedOps.registry, library: library)
    #expect(checked.faults.isEmpty, "\(Diagnostics.text(checked.faults))")
    // Of two files that have a param the first counts; a path starts from the file that wrote it.
    #expect(checked.params == ["deep": .int(1), "wide": .int(6), "net": .string("lib/x.bin")])
    let params = try #require(checked.file).params
    #expect(params.map(\.name) == ["deep", "wide", "net"] && params[1].doc == "channels")
    let wrong = Checker.check("g.json", registry: CheckedOps.registry, library: library, params: ["wide": .int(10)])
    #expect(wrong.faults.map(\.message) == ["param \"wide\" must be at most 9, but is 10"])
  }

  @Test func whatIsWrongWithParamsOfOtherFilesIsSaid() {
    var files = MemoryFiles()
    files.texts["base.json"] = Self.base
    files.texts["a.json"] = #"{ "format": 1, "params": { "*": "b.json" }, "outputs": {} }"#
    files.texts["b.json"] = #"{ "format": 1, "params": { "*": "a.json" }, "outputs": {} }"#
    func faults(_ params: String, inputs: String = "") -> String {
      files.texts["g.json"] = #"{ "format": 1, "params": { \#(params) }, "inputs": { \#(inputs) }, "outputs": {} }"#
      let library = GraphLibrary(access: files)
      return Diagnostics.text(Checker.check("g.json", registry: CheckedOps.registry, library: library).faults)
    }
    #expect(faults(#""*": "bse.json""#).contains("there is no file \"bse.json\" (did you mean \"base.json\"?)"))
    #expect(
      faults(#""*": "base.json", "wid": { "default": 2 }"#).contains(
        "param \"wid\" needs the key \"type\": no file under \"*\" has such a param (did you mean \"wide\"?)"))
    #expect(faults(#""wide": { "default": 2 }"#).contains("param \"wide\" needs the key \"type\""))
    #expect(
      faults(#""*": "base.json""#, inputs: #""wide": "int""#).contains(
        "\"wide\" is the name of a param and of an input"))
    #expect(
      faults(#""*": "a.json""#).contains("b.json:1:33: error[recursion]: files take their params from each other"))
    #expect(faults(#""*": 3"#).contains("expected a string for \"*\", found"))
  }
}
