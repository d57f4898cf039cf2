import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct ListTransposeTests {
  @Test func `rows become columns`() throws {
    let rows = Value.list([.list([.int(1), .int(2), .int(3)]), .list([.int(4), .int(5), .int(6)])])
    let columns = try run(ListTranspose.op, ["x": rows])[0].list?.map { $0.list?.compactMap(\.scalar) }
    #expect(columns == [[1, 4], [2, 5], [3, 6]])
    #expect(try infer(ListTranspose.op, ["x": "list<list<int; box>>"]) == ["list<list<int>; list<box>>"])
    #expect(
      try infer(ListTranspose.op, ["x": "list<list<int; box>; list<int; box>>"]) == [
        "list<list<int; int>; list<box; box>>"
      ])
    #expect(try infer(ListTranspose.op, ["x": "list<list<int>; list<box>>"]) == ["list<list<int; box>>"])
    #expect(
      message { _ = try run(ListTranspose.op, ["x": .list([.list([.int(1)]), .list([])])]) }
        == "the inner lists differ in length: 1, 0")
  }

  @Test func `known elements stay known`() {
    let rows = Nested.list([.list([.leaf(0), .leaf(1)]), .list([.leaf(2), .leaf(3)])])
    #expect(ListTranspose.op.rearrange?(rows) == .list([.list([.leaf(0), .leaf(2)]), .list([.leaf(1), .leaf(3)])]))
    #expect(ListTranspose.op.rearrange?(.list([.list([.leaf(0)]), .leaf(1)])) == nil)
    #expect(Flatten.op.rearrange?(rows) == .list((0..<4).map { .leaf($0) }))
  }
}
