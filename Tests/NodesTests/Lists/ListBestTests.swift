import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ListBestTests {
  @Test func `largest scores first, earlier ones of equals`() throws {
    let items = Value.list([.string("a"), .string("b"), .string("c")])
    let scores = Value.list([.number(1), .tensor(Tensor(shape: [], [3] as [Float])), .int(3)])
    let found = try run(ListBest.op, ["items": items, "scores": scores], ["count": 2])
    #expect(found[0].list?.compactMap(\.text) == ["b", "c"])
    #expect(found[1].list?.compactMap(\.scalar) == [3, 3])
    #expect(
      message { _ = try run(ListBest.op, ["items": items, "scores": .list([.int(1)])]) } == "1 scores for 3 items")
  }
}
