import Language

/// Counts.
public enum ListRange {
  public static let op = Op(
    "list.range", doc: "The integers from start to stop, without stop, in steps.", inputs: [],
    outputs: [Port("items", "list<int>")],
    params: [
      Param("start", .int(.all), default: .int(0), "first integer"),
      Param("stop", .int(.all), "first integer that is not in it any more"),
      Param("step", .int(.all), default: .int(1), "difference of neighbours, not 0"),
    ],
    infer: { facts throws(Fault) in
      _ = try integers(facts.attributes)
      return [.list(.int)]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in [.list(try integers(call.attributes).map { .int($0) })] }))

  /// More would be a mistake, and would fill the memory.
  static let most = 10_000_000

  private static func integers(_ attributes: Attributes) throws(Fault) -> StrideTo<Int> {
    let (start, stop, step) = (attributes.int("start"), attributes.int("stop"), attributes.int("step"))
    guard step != 0 else { throw .params("param \"step\" must not be 0") }
    let count = (Double(stop) - Double(start)) / Double(step)
    guard count <= Double(most) else { throw .params("more than \(most) integers from \(start) to \(stop)") }
    return stride(from: start, to: stop, by: step)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ListRange.op, $0) }
