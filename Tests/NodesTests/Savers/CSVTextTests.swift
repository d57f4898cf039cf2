import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct CSVTextTests {
  @Test func `a header, then rows with the fewest digits`() throws {
    let table = Table(
      columns: ["total", "a,b", "q\"x"],
      rows: [[8.254776000976562, 0, 1e-7], [-3, 0.1, .infinity], [-0.0, 1e20, .nan]])
    let text = CSVText.of(table)
    #expect(text == "total,\"a,b\",\"q\"\"x\"\n8.254776000976562,0,1e-07\n-3,0.1,inf\n-0.0,1e+20,nan\n")
    let back = try CSVText.table(text, name: "t.csv")
    #expect(back.columns == table.columns)
    #expect(back.rows.count == 3 && back.rows[0] == table.rows[0] && back.rows[1] == table.rows[1])
    #expect(back.rows[2][2].isNaN && back.rows[2][0].sign == .minus)
  }

  @Test func `what is no table of numbers is refused with its place`() throws {
    #expect(message { _ = try CSVText.table("", name: "t.csv") } == "t.csv: it is empty")
    #expect(
      message { _ = try CSVText.table("a,b\n1,2\n3\n", name: "t.csv") } == "t.csv: row 2 has 1 cells, the header has 2")
    #expect(
      message { _ = try CSVText.table("a,b\n1, x\n", name: "t.csv") }
        == "t.csv: row 1, column \"b\": \" x\" is no number")
    #expect(try CSVText.table("a,b\r\n1, 2\r\n\r\n", name: "t.csv") == Table(columns: ["a", "b"], rows: [[1, 2]]))
  }
}
