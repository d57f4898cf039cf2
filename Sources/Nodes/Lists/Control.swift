import Language

/// Runs one of two graphs.
public enum If {
  public static let op = Op(
    "core.if",
    doc: """
      Runs the graph "then" when the condition holds, else the graph "else" (or nothing: then its outputs may be \
      absent). Both take what stands under "in" by name. A condition known from params is decided before the run.
      """,
    inputs: [Port("condition", "bool", .optional, "decides while the graph runs")], outputs: [],
    params: [Param("condition", .any, default: .null, "decides before the run: true or false")],
    structure: ["then", "else"],
    infer: { facts throws(Fault) in
      switch facts.attributes["condition"] {
      case nil, .null?, .bool?: return []
      case let other?: throw .params("param \"condition\" takes true or false, not \(other.kind)")
      }
    },
    action: .control(.if))
}

/// Runs a graph again and again.
public enum Loop {
  public static let op = Op(
    "core.loop",
    doc: """
      Runs the graph "body" until "until" says stop. A name under "state" is an input of the body with a first value; \
      the body's output of that name is its value in the next round, and in the end the port of that name.
      """,
    inputs: [], outputs: [], structure: ["body", "state", "until", "keep", "save_every", "checkpoint"],
    infer: { _ throws(Fault) in [] }, action: .control(.loop))
}

@used @section("weft_ops") private let ifEntry: OpEntry = { Registry.collect(If.op, $0) }
@used @section("weft_ops") private let loopEntry: OpEntry = { Registry.collect(Loop.op, $0) }
