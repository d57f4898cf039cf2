import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct TableValueTests {
  private let table = Value.table(Table(columns: ["a", "b"], rows: [[1, 2], [4, 5]]))

  @Test func `a number is found by column and row`() throws {
    #expect(try run(TableValue.op, ["table": table], ["column": "b"])[0].scalar == 5)
    #expect(try run(TableValue.op, ["table": table], ["column": "a", "row": 0])[0].scalar == 1)
  }

  @Test func `what is not there is named`() {
    #expect(
      message { _ = try run(TableValue.op, ["table": table], ["column": "c"]) }.hasPrefix(
        "the table has no column \"c\""))
    #expect(
      message { _ = try run(TableValue.op, ["table": table], ["column": "a", "row": 2]) }
        == "there is no row 2 in a table of 2")
  }
}
