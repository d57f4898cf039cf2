import TestSupport
import Testing

@testable import Graph

@Suite struct GraphSchemaTests {
  @Test func theSchemaIsJSONAndKnowsEveryKeyAndOp() throws {
    let schema = try JSON.parse(Array(GraphSchema.text(CheckedOps.registry).utf8), file: "schema")
    let properties = schema["properties"]?.members?.map(\.key) ?? []
    #expect(Set(GraphKeys.file).subtracting(properties) == [])
    let node = schema["$defs"]?["node"]
    #expect(Set(GraphKeys.node).subtracting(node?["properties"]?.members?.map(\.key) ?? []) == [])
    let ops = node?["allOf"]?.elements?.compactMap { $0["if"]?["properties"]?["op"]?["const"]?.text } ?? []
    #expect(ops.contains("t.conv") && ops.contains("t.load"))
  }

  @Test func paramsKeepTheirBoundsAndMayBeExpressions() {
    let text = GraphSchema.text(CheckedOps.registry)
    #expect(text.contains(#""maximum": 10.0"#) && text.contains(##""$ref": "#/$defs/expression""##))
  }
}
