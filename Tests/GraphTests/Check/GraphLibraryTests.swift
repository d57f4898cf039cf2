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
}
