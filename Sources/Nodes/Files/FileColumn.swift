import Language

/// Texts from a file.
public enum FileColumn {
  public static let op = Op(
    "file.column", doc: "One column of a CSV file as texts; lines end in LF, CR LF or CR, empty ones are left out.",
    inputs: [Port("file", "file")], outputs: [Port("texts", "list<string>")],
    params: [
      Param("column", .int(.natural), default: .int(0), "which, from 0"),
      Param("header", .bool, default: .bool(false), "whether the first line names the columns"),
    ],
    infer: { _ throws(Fault) in [.list(.string)] },
    action: .host(
      Host(queue: .io) { call throws(Fault) in
        let path = try call.path("file")
        let column = call.attributes.int("column")
        var texts: [Value] = []
        let rows = CSVText.rows(String(decoding: try FileContent.bytes(path), as: UTF8.self))
        for (index, row) in rows.enumerated().dropFirst(call.attributes.bool("header") ? 1 : 0) {
          guard row.indices.contains(column) else {
            throw .badTable(path, "row \(index + 1) has \(row.count) cells, but column \(column) is asked for")
          }
          texts.append(.string(row[column].trimmed))
        }
        return [.list(texts)]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FileColumn.op, $0) }
