import Language

/// Pairs of photos from a list.
public enum PairList {
  public static let op = Op(
    "file.pairs",
    doc: """
      Pairs of photos from a CSV file without a header: two paths, from the file's own folder, and 1 or true where both \
      show one person, 0 or false where they show two.
      """,
    inputs: [Port("file", "file")],
    outputs: [Port("a", "list<file>"), Port("b", "list<file>"), Port("same", "list<bool>")],
    infer: { _ throws(Fault) in [.list(.file), .list(.file), .list(.bool)] },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let path = try call.path("file")
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var (a, b, same): ([Value], [Value], [Value]) = ([], [], [])
        for (index, row) in CSVText.rows(String(decoding: try FileContent.bytes(path), as: UTF8.self)).enumerated() {
          let cells = row.map(\.trimmed)
          guard cells.count == 3, let verdict = verdicts[cells[2].lowercased()] else {
            throw .badTable(path, "row \(index + 1) is not two paths and 1, 0, true or false")
          }
          for name in cells.prefix(2) where FileContent.isFolder(resolved(name, folder)) != false {
            throw .badTable(path, "row \(index + 1): there is no file \"\(resolved(name, folder))\"")
          }
          a.append(.file(resolved(cells[0], folder)))
          b.append(.file(resolved(cells[1], folder)))
          same.append(.bool(verdict))
        }
        return [.list(a), .list(b), .list(same)]
      }))

  private static let verdicts = ["1": true, "true": true, "0": false, "false": false]

  private static func resolved(_ name: String, _ folder: String) -> String {
    name.hasPrefix("/") ? name : folder + name
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(PairList.op, $0) }
