import TestSupport
import Testing

@testable import Graph

@Suite struct GraphManualTests {
  @Test func thePageIsMadeFromTheGraph() throws {
    let text = """
      {"format": 1, "doc": "Resizes.",
       "params": {"size": {"type": "int", "default": 8, "min": 1, "max": 64, "doc": "pixels"},
                  "mode": {"type": "string", "choices": ["a", "b"]}},
       "inputs": {"photo": {"type": "file", "doc": "a picture"}, "mask": {"type": "file", "optional": true}},
       "nodes": {}, "outputs": {"y": {"from": "@photo", "doc": "the result"}}}
      """
    let file = try #require(GraphFile.parse(bytes: Array(text.utf8), file: "g.json").0)
    let lines = GraphManual.page(file, command: "weft run g.json").split(separator: "\n").map(String.init)
    #expect(lines[0] == "usage: weft run g.json photo=… mode=… [name=value ...]" && lines[1] == "Resizes.")
    #expect(lines.contains { $0.hasPrefix("  photo: file ") && $0.hasSuffix("a picture") })
    #expect(lines.contains { $0.contains("mask: file (optional)") })
    #expect(lines.contains { $0.hasSuffix("pixels; at least 1; at most 64; default 8") })
    #expect(lines.contains { $0.hasSuffix("one of a, b; required") } && lines.contains("  y  the result"))
  }
}
