import Language
import Tensors

/// Tables as CSV (RFC 4180 with line feeds): a header line, then one line per row, no index column.
public enum CSVText {
  public static func of(_ table: Table) -> String {
    var text = table.columns.map(cell).joined(separator: ",") + "\n"
    for row in table.rows { text += row.map(number).joined(separator: ",") + "\n" }
    return text
  }

  /// The fewest digits that read back equal; integers without a point; `nan`, `inf`, `-inf`.
  public static func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == value.rounded(), abs(value) < 1e15, !(value == 0 && value.sign == .minus) { return String(Int(value)) }
    return value.description
  }

  /// Quoted where a comma, a quote or a line break would be misread.
  static func cell(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// Reads a table of numbers: the first line names the columns. `name` is for messages.
  public static func table(_ text: String, name: String) throws(Fault) -> Table {
    let lines = rows(text)
    guard let header = lines.first else { throw .badTable(name, "it is empty") }
    var table = Table(columns: header)
    for (index, cells) in lines.enumerated().dropFirst() {
      guard cells.count == header.count else {
        throw .badTable(name, "row \(index) has \(cells.count) cells, the header has \(header.count)")
      }
      var row: [Double] = []
      for (column, cell) in zip(header, cells) {
        guard let number = Double(cell.trimmed) else {
          throw .badTable(name, "row \(index), column \"\(column)\": \"\(cell)\" is no number")
        }
        row.append(number)
      }
      table.rows.append(row)
    }
    return table
  }

  /// Cells of every line that is not empty, quotes resolved. Lines end in LF, CR LF or CR.
  static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    func endRow() {
      row.append(cell)
      if row != [""] { rows.append(row) }
      row = []
      cell = ""
    }
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      switch scalar {
      case "\"" where isQuoted && next == "\"":
        cell.unicodeScalars.append(scalar)
        next = scalars.next()
      case "\"": isQuoted.toggle()
      case ",":
        if isQuoted {
          cell += ","
        } else {
          row.append(cell)
          cell = ""
        }
      case "\n" where !isQuoted: endRow()
      case "\r" where !isQuoted && next == "\n": break
      case "\r" where !isQuoted: endRow()
      default: cell.unicodeScalars.append(scalar)
      }
    }
    endRow()
    return rows
  }
}

extension String {
  /// Without spaces and tabs at the ends.
  var trimmed: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
