import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct ItemTests {
  let list = Value.list([.int(5), .int(6), .int(7)])

  @Test func `elements are counted from either end`() throws {
    #expect(try run(Item.op, ["x": list])[0].scalar == 5)
    #expect(try run(Item.op, ["x": list], ["index": -1])[0].scalar == 7)
    #expect(try run(Item.op, ["x": list, "index": .int(1)], ["index": 2])[0].scalar == 6)
    #expect(message { _ = try run(Item.op, ["x": list], ["index": 3]) } == "there is no element 3 in a list of 3")
    #expect(try infer(Item.op, ["x": "list<box>"]) == ["box"])
    #expect(try infer(Item.op, ["x": "list<box; int>"], ["index": 1]) == ["int"])
    #expect(
      message { _ = try infer(Item.op, ["x": "list<box; int>"], ["index": 2]) }
        == "there is no element 2 in a list of 2")
  }

  @Test func `the first element may be absent`() throws {
    #expect(try run(First.op, ["x": list])[0].scalar == 5)
    #expect(try run(First.op, ["x": .list([])])[0].isNone)
    #expect(try infer(First.op, ["x": "list<box>"]) == ["box?"])
  }

  @Test func `length counts`() throws { #expect(try run(Length.op, ["x": list])[0].scalar == 3) }
}
