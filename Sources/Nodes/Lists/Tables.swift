import Language
import Tensors

/// Makes a table of lists.
public enum TableFromLists {
  public static let op = Op(
    "table.from_lists", doc: "A table whose columns are the given lists of numbers; all have one length.",
    inputs: [Port("columns", "any", .variadic, "lists of numbers or one-element tensors, or vectors; one per name")],
    outputs: [Port("table", "table")], params: [Param("names", .strings, "names of the columns, in order")],
    infer: { facts throws(Fault) in
      let (names, count) = (facts.attributes.strings("names"), facts.types("columns").count)
      guard names.count == count else { throw .params("\(names.count) names for \(count) columns") }
      return [.table]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        var columns: [[Double]] = []
        for value in call.values("columns") {
          switch value {
          case .tensor(let tensor) where tensor.rank == 1: columns.append(tensor.numbers)
          case .list(let items):
            let numbers = items.compactMap(\.scalar)
            guard numbers.count == items.count else { throw .wrongValue("columns", "list of numbers", value) }
            columns.append(numbers)
          default: throw .wrongValue("columns", "list of numbers", value)
          }
        }
        guard Set(columns.map(\.count)).count <= 1 else { throw .failed("columns of \(columns.map(\.count)) numbers") }
        let rows = (0..<(columns.first?.count ?? 0)).map { row in columns.map { $0[row] } }
        return [.table(Table(columns: call.attributes.strings("names"), rows: rows))]
      }))
}

/// Picks, orders and renames columns of a table.
public enum TableColumns {
  public static let op = Op(
    "table.columns", doc: "The chosen columns of a table in the given order, under their old or new names.",
    inputs: [Port("table", "table")], outputs: [Port("table", "table")],
    params: [
      Param("select", .strings, default: .null, "columns to keep, in order; null keeps all"),
      Param("rename", .any, default: .null, "new names by old ones"),
    ],
    infer: { facts throws(Fault) in
      _ = try names(facts.attributes)
      return [.table]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let table = try call.table("table")
        let chosen = call.attributes.has("select") ? call.attributes.strings("select") : table.columns
        let rename = try names(call.attributes)
        var places: [Int] = []
        for name in chosen + rename.keys.sorted() {
          guard let place = table.columns.firstIndex(of: name) else { throw .noSuchColumn(name, of: table.columns) }
          places.append(place)
        }
        places.removeLast(rename.count)
        return [
          .table(
            Table(columns: chosen.map { rename[$0] ?? $0 }, rows: table.rows.map { row in places.map { row[$0] } }))
        ]
      }))

  private static func names(_ attributes: Attributes) throws(Fault) -> [String: String] {
    guard attributes.has("rename") else { return [:] }
    guard case .object(let entries)? = attributes["rename"] else {
      throw .params("param \"rename\" takes an object, {\"old\": \"new\"}")
    }
    var names: [String: String] = [:]
    for (old, new) in entries {
      guard case .string(let text) = new else { throw .params("param \"rename\": \"\(old)\" is given \(new.kind)") }
      names[old] = text
    }
    return names
  }
}

/// Reads a table.
public enum TableLoad {
  public static let op = Op(
    "table.load", doc: "Reads a CSV file of numbers whose first line names the columns.",
    inputs: [Port("file", "file")], outputs: [Port("table", "table")], infer: { _ throws(Fault) in [.table] },
    action: .host(
      Host(queue: .io) { call throws(Fault) in
        let path = try call.path("file")
        return [.table(try CSVText.table(String(decoding: FileContent.bytes(path), as: UTF8.self), name: path))]
      }))
}

@used @section("weft_ops") private let listsEntry: OpEntry = { Registry.collect(TableFromLists.op, $0) }
@used @section("weft_ops") private let columnsEntry: OpEntry = { Registry.collect(TableColumns.op, $0) }
@used @section("weft_ops") private let loadEntry: OpEntry = { Registry.collect(TableLoad.op, $0) }
