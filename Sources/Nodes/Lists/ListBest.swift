import Language
import Tensors

/// The elements with the largest scores.
public enum ListBest {
  public static let op = Op(
    "list.best", doc: "The elements of a list that have the largest scores, best first; of equals the earlier one.",
    inputs: [Port("items", "list<any>"), Port("scores", "any", .one, "a list of numbers, or a tensor: one per item")],
    outputs: [Port("best", "list<any>"), Port("scores", "list<number>")],
    params: [Param("count", .int(1...100_000), default: .int(9), "how many at most")],
    infer: { facts throws(Fault) in
      let element: ValueType
      switch facts.type("items") {
      case .list(let item): element = item
      case .tuple(let items): element = items.first ?? .any
      default: element = .any
      }
      return [.list(element), .list(.number)]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let items = try call.list("items")
        let scores: [Double]
        switch call.value("scores") {
        case .tensor(let tensor)?: scores = tensor.numbers
        case .list(let list)?: scores = list.compactMap(\.scalar)
        default: throw .wrongValue("scores", "list of numbers", call.value("scores"))
        }
        guard scores.count == items.count else {
          throw .failed("\(scores.count) scores for \(items.count) items")
        }
        let order = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
        let best = order.prefix(call.attributes.int("count"))
        return [.list(best.map { items[$0] }), .list(best.map { .number(scores[$0]) })]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ListBest.op, $0) }
