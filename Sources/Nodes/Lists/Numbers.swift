import Language

/// Turns a tensor of one element into a number.
public enum Number {
  public static let op = Op(
    "core.number", doc: "The number in a tensor of one element (of any element type and rank).",
    inputs: [Port("x", "tensor")], outputs: [Port("value", "number")],
    infer: { facts throws(Fault) in
      if let shape = facts.tensor("x").shape, shape.contains(where: { $0.value.map { $0 != 1 } ?? false }) {
        throw .shape("x must have one element, but is \(facts.type("x"))")
      }
      return [.number]
    },
    action: .host(Host(isCheap: true) { call throws(Fault) in [.number(try call.number("x"))] }))
}

/// Compares two numbers.
public enum Compare {
  static let words = ["less", "less_equal", "greater", "greater_equal", "equal", "not_equal"]

  public static let op = Op(
    "core.compare", doc: "Whether a stands in the given relation to b (a port, or else the param \"value\").",
    inputs: [Port("a", "any", .one, "a number or a tensor of one element"), Port("b", "any", .optional, "the same")],
    outputs: [Port("holds", "bool")],
    params: [
      Param("relation", .choice(words), default: .string("less"), "what must hold between a and b"),
      Param("value", .number(.all), default: .null, "b, when the port is not connected"),
    ],
    infer: { facts throws(Fault) in
      guard facts.isConnected("b") != facts.attributes.has("value") else {
        throw .params("a is compared either with the port b or with the param \"value\"")
      }
      return [.bool]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let a = try call.number("a")
        let b = call.value("b") == nil ? call.attributes.number("value") : try call.number("b")
        switch call.attributes.string("relation") {
        case "less": return [.bool(a < b)]
        case "less_equal": return [.bool(a <= b)]
        case "greater": return [.bool(a > b)]
        case "greater_equal": return [.bool(a >= b)]
        case "equal": return [.bool(a == b)]
        default: return [.bool(a != b)]
        }
      }))
}

@used @section("weft_ops") private let numberEntry: OpEntry = { Registry.collect(Number.op, $0) }
@used @section("weft_ops") private let compareEntry: OpEntry = { Registry.collect(Compare.op, $0) }
