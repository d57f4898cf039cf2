import Language

/// One number of a table.
public enum TableValue {
  public static let op = Op(
    "table.value", doc: "The number in one row of a column of a table: the last loss of a curve.",
    inputs: [Port("table", "table")], outputs: [Port("value", "number")],
    params: [
      Param("column", .string, "its name"),
      Param("row", .int(.all), default: .int(-1), "from 0; negative ones count from the end"),
    ], infer: { _ throws(Fault) in [.number] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let (table, name) = (try call.table("table"), call.attributes.string("column"))
        guard let column = table.columns.firstIndex(of: name) else { throw .noSuchColumn(name, of: table.columns) }
        let row = call.attributes.int("row")
        let index = row < 0 ? table.rows.count + row : row
        guard table.rows.indices.contains(index) else {
          throw .failed("there is no row \(row) in a table of \(table.rows.count)")
        }
        return [.number(table.rows[index][column])]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(TableValue.op, $0) }
