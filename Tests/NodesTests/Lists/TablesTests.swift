import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct TablesTests {
  let table = Table(columns: ["a", "b", "c"], rows: [[1, 2, 3], [4, 5, 6]])

  @Test func `columns come from lists and vectors`() throws {
    let made = try run(
      TableFromLists.op,
      ["columns": .list([.int(1), .tensor(.scalar(4))]), "columns": .tensor(Tensor(shape: [2], [Float(2), 5]))],
      ["names": ["a", "b"]])[0].table
    #expect(made == Table(columns: ["a", "b"], rows: [[1, 2], [4, 5]]))
    #expect(
      message {
        _ = try run(TableFromLists.op, ["columns": .list([]), "columns": .list([.int(1)])], ["names": ["a", "b"]])
      }
        == "columns of [0, 1] numbers")
    #expect(
      message { _ = try infer(TableFromLists.op, ["columns": "list<int>"], ["names": []]) } == "0 names for 1 columns")
  }

  @Test func `columns are chosen, ordered and renamed`() throws {
    func columns(_ attributes: [String: Literal]) throws -> Table? {
      try run(TableColumns.op, ["table": .table(table)], attributes)[0].table
    }
    #expect(try columns([:]) == table)
    #expect(
      try columns(["select": ["c", "a"], "rename": .object(["c": "z"])])
        == Table(columns: ["z", "a"], rows: [[3, 1], [6, 4]]))
    #expect(message { _ = try columns(["select": ["d"]]) }.hasPrefix("the table has no column \"d\""))
    #expect(message { _ = try columns(["rename": .object(["d": "z"])]) }.hasPrefix("the table has no column \"d\""))
  }

  @Test func `a file of numbers is a table`() throws {
    let path = try Scratch().file("t.csv")
    #expect(message { _ = try run(TableLoad.op, ["file": .file(path)]) }.hasSuffix("No such file or directory"))
    let scratch = try Scratch()
    let file = try scratch.file("t.csv", "a,b,c\n1,2,3\n4,5,6\n")
    #expect(try run(TableLoad.op, ["file": .file(file)])[0].table == table)
  }
}
