import Language

/// Takes one element of a list.
public enum Item {
  public static let op = Op(
    "core.item", doc: "One element of a list; a negative index counts from the end. Outside the list is an error.",
    inputs: [
      Port("x", "list<any>"),
      Port("index", "any", .optional, "which, while the graph runs: an integer, or a tensor of one; else the param"),
    ],
    outputs: [Port("y", "any")],
    params: [Param("index", .int(.all), default: .int(0), "which element: 0 is the first, -1 the last")],
    infer: { facts throws(Fault) in
      switch facts.type("x") {
      case .list(let element): return [element]
      case .tuple(let items) where !facts.isConnected("index"):
        return [items[try place(facts.attributes.int("index"), in: items.count)]]
      default: return [.any]
      }
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let items = try call.list("x")
        let index = call.value("index") == nil ? call.attributes.int("index") : Int(try call.number("index"))
        return [items[try place(index, in: items.count)]]
      }))

  static func place(_ index: Int, in count: Int) throws(Fault) -> Int {
    let place = index < 0 ? count + index : index
    guard (0..<count).contains(place) else { throw .noSuchItem(index, count) }
    return place
  }
}

/// The first element of a list, if there is one.
public enum First {
  public static let op = Op(
    "core.first", doc: "The first element of a list; absent when the list is empty.",
    inputs: [Port("x", "list<any>")], outputs: [Port("y", "any?")],
    infer: { facts throws(Fault) in
      switch facts.type("x") {
      case .list(let element): return [.optional(element)]
      case .tuple(let items): return [items.first ?? .optional(.any)]
      default: return [.optional(.any)]
      }
    },
    action: .host(Host(isCheap: true) { call throws(Fault) in [try call.list("x").first ?? .none] }))
}

/// Counts the elements of a list.
public enum Length {
  public static let op = Op(
    "core.length", doc: "How many elements a list has.", inputs: [Port("x", "list<any>")],
    outputs: [Port("count", "int")], infer: { _ throws(Fault) in [.int] },
    action: .host(Host(isCheap: true) { call throws(Fault) in [.int(try call.list("x").count)] }))
}

@used @section("weft_ops") private let itemEntry: OpEntry = { Registry.collect(Item.op, $0) }
@used @section("weft_ops") private let firstEntry: OpEntry = { Registry.collect(First.op, $0) }
@used @section("weft_ops") private let lengthEntry: OpEntry = { Registry.collect(Length.op, $0) }
