import Language

/// Fails.
public enum Fail {
  public static let op = Op(
    "core.fail",
    doc: "Fails with a message: for the branch of a graph that is taken when something is missing.", inputs: [],
    outputs: [Port("x", "any", .one, "never comes")],
    params: [Param("message", .string, "what is wrong, and what to do")],
    infer: { _ throws(Fault) in [.any] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) -> [Value] in throw .failed(call.attributes.string("message")) }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Fail.op, $0) }
