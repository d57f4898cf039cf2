import Language

/// A text that stands in the graph.
public enum Text {
  public static let op = Op(
    "core.text",
    doc: "A text that stands in the graph, for what a result should say beside its numbers.",
    inputs: [], outputs: [Port("text", "string")], params: [Param("text", .string, "the text")],
    infer: { _ throws(Fault) in [.string] },
    action: .host(Host(isCheap: true) { call throws(Fault) in [.string(call.attributes.string("text"))] }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Text.op, $0) }
