import Language

/// Joins the lists in a list.
public enum Flatten {
  public static let op = Op(
    "core.flatten", doc: "The elements of all lists in a list, in order: one level of nesting less.",
    inputs: [Port("x", "list<list<any>>")], outputs: [Port("y", "list<any>")],
    infer: { facts throws(Fault) in
      switch facts.type("x") {
      case .list(.list(let element)): return [.list(element)]
      case .tuple(let lists):
        var elements: [ValueType] = []
        for list in lists {
          // Lists of unknown length make the whole one of unknown length.
          guard case .tuple(let items) = list else { return [.list(lists.commonElement)] }
          elements += items
        }
        return [.tuple(elements)]
      default: return [.list(.any)]
      }
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        var items: [Value] = []
        for inner in try call.list("x") {
          guard case .list(let elements) = inner else { throw .wrongValue("x", "list of lists", inner) }
          items += elements
        }
        return [.list(items)]
      }),
    rearrange: { nested in
      let lists = nested.items?.compactMap(\.items) ?? []
      return lists.count == nested.items?.count ? .list(lists.flatMap { $0 }) : nil
    })
}

extension [ValueType] {
  /// The element type that all of these list types share; any where they differ.
  fileprivate var commonElement: ValueType {
    var common: ValueType?
    for list in self {
      let elements: [ValueType] =
        switch list {
        case .list(let element): [element]
        case .tuple(let items): items
        default: [.any]
        }
      for element in elements { if common == nil { common = element } else if common != element { return .any } }
    }
    return common ?? .any
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Flatten.op, $0) }
