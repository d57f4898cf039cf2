import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct FlattenTests {
  @Test func `one level of nesting goes`() throws {
    let nested = Value.list([.list([.int(1)]), .list([]), .list([.int(2), .int(3)])])
    #expect(try run(Flatten.op, ["x": nested])[0].list?.compactMap(\.scalar) == [1, 2, 3])
    #expect(try infer(Flatten.op, ["x": "list<list<box>>"]) == ["list<box>"])
    #expect(try infer(Flatten.op, ["x": "list<list<int; int>; list<int>>"]) == ["list<int>"])
    #expect(try infer(Flatten.op, ["x": "list<list<int; box>; list<int; int>>"]) == ["list<int; box; int; int>"])
    #expect(
      message { _ = try run(Flatten.op, ["x": .list([.int(1)])]) }
        == "port \"x\" needs a list of lists, but an integer arrived")
  }
}
