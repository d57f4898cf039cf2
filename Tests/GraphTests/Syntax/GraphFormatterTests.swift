import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct GraphFormatterTests {
  static func parse(_ text: String) throws -> JSONValue { try JSON.parse(Array(text.utf8), file: "f") }

  /// The value with the keys of every object in one order: two files that mean the same have equal ones.
  static func normalised(_ value: JSONValue) -> JSONValue {
    var result = value
    if let elements = value.elements { result.kind = .array(elements.map(normalised)) }
    if let members = value.members {
      result.kind = .object(
        members.sorted { $0.key < $1.key }.map { JSONMember($0.key, at: $0.keyPlace, normalised($0.value)) })
    }
    return result
  }

  @Test(arguments: Catalogue("valid").cases + Catalogue("broken").cases)
  func formattingKeepsTheMeaningAndIsStable(_ entry: Catalogue.Case) throws {
    guard let value = try? JSON.parse(try entry.bytes, file: entry.fileName) else { return }
    let once = GraphFormatter.format(value)
    let again = try Self.parse(once)
    #expect(GraphFormatter.format(again) == once)
    #expect(Self.normalised(again) == Self.normalised(value))
  }

  @Test(arguments: Catalogue("valid").cases) func validGraphsFitTheirLines(_ entry: Catalogue.Case) throws {
    #expect(GraphFile.parse(bytes: try entry.bytes, file: entry.fileName).1 == [])
    let text = GraphFormatter.format(try JSON.parse(try entry.bytes, file: entry.fileName))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test func keysComeInTheirOrderAndNamesStay() throws {
    let text = """
      {"outputs": {"y": {"doc": "d", "from": "b"}, "a": "b"}, "zzz": 1, "format": 1, "graphs": {"g": {"outputs":
      {"o": "@i"}, "nodes": {"n": {"with": {"z": 1, "a": 2}, "op": "x.y"}}, "doc": "g"}}, "nodes": {"b": {"doc": "why",
      "weights": {"layout": "HWIO", "file": "a"}, "with": {"b": [1, 2]}, "in": {"x": "c"}, "op": "image.load"},
      "a": {"op": "o.p", "doc": "\\u00e9"}}, "params": {"p": {"default": 1e4, "type": "float"}}, "doc": "all"}
      """
    #expect(
      GraphFormatter.format(try Self.parse(text)) == """
        {
          "format": 1,
          "doc": "all",
          "params": {
            "p": { "type": "float", "default": 1e4 }
          },
          "nodes": {
            "b": {
              "op": "image.load",
              "in": { "x": "c" },
              "with": { "b": [1, 2] },
              "weights": { "file": "a", "layout": "HWIO" },
              "doc": "why"
            },
            "a": { "op": "o.p", "doc": "é" }
          },
          "outputs": { "y": { "from": "b", "doc": "d" }, "a": "b" },
          "graphs": {
            "g": {
              "doc": "g",
              "nodes": {
                "n": { "op": "x.y", "with": { "z": 1, "a": 2 } }
              },
              "outputs": { "o": "@i" }
            }
          },
          "zzz": 1
        }

        """)
  }
}
