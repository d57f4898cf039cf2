import Language

/// Turns a list of rows into a list of columns.
public enum ListTranspose {
  public static let op = Op(
    "list.transpose",
    doc: """
      A list of lists the other way round: the first elements of all, then the second ones, and so on. All inner lists \
      have one length. Statistics per style and layer become statistics per layer and style.
      """,
    inputs: [Port("x", "list<list<any>>")], outputs: [Port("y", "list<list<any>>")],
    infer: { facts throws(Fault) in
      // However many rows there are, the columns are as many as a row has elements.
      if case .list(.tuple(let items)) = facts.type("x") { return [.tuple(items.map { .list($0) })] }
      guard case .tuple(let rows) = facts.type("x") else { return [facts.type("x")] }
      // Rows of unknown length: as many columns, each with one element of every row.
      let elements = rows.compactMap { if case .list(let element) = $0 { element } else { nil } }
      if !rows.isEmpty, elements.count == rows.count { return [.list(.tuple(elements))] }
      var lists: [[ValueType]] = []
      for row in rows {
        guard case .tuple(let items) = row else { return [.list(.list(.any))] }
        lists.append(items)
      }
      guard Set(lists.map(\.count)).count <= 1 else { throw .unequalRows(lists.map(\.count)) }
      return [.tuple((0..<(lists.first?.count ?? 0)).map { column in .tuple(lists.map { $0[column] }) })]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        var rows: [[Value]] = []
        for inner in try call.list("x") {
          guard case .list(let items) = inner else { throw .wrongValue("x", "list of lists", inner) }
          rows.append(items)
        }
        guard Set(rows.map(\.count)).count <= 1 else { throw .unequalRows(rows.map(\.count)) }
        return [.list((0..<(rows.first?.count ?? 0)).map { column in .list(rows.map { $0[column] }) })]
      }),
    rearrange: { nested in
      let rows = nested.items?.compactMap(\.items) ?? []
      guard rows.count == nested.items?.count, let width = rows.first?.count else { return nil }
      return .list((0..<width).map { column in .list(rows.map { $0[column] }) })
    })
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ListTranspose.op, $0) }
