import Testing

@testable import Compiler

@Suite struct MemoTests {
  @Test func theLeastRecentlyUsedGoesFirst() {
    var memo = Memo<String, Int>(costLimit: 10, countLimit: 3)
    memo.insert(1, for: "a", cost: 4)
    memo.insert(2, for: "b", cost: 4)
    #expect(memo.find("a") == 1)
    memo.insert(3, for: "c", cost: 4)
    #expect(memo.find("b") == nil && memo.find("a") == 1 && memo.find("c") == 3 && memo.cost == 8)
    memo.insert(4, for: "d", cost: 0)
    memo.insert(5, for: "e", cost: 0)
    #expect(memo.count == 3 && memo.find("a") == nil)
  }

  @Test func theLastOneStaysWhateverItCosts() {
    var memo = Memo<Int, Int>(costLimit: 10, countLimit: 3)
    memo.insert(1, for: 1, cost: 100)
    #expect(memo.find(1) == 1)
    memo.insert(2, for: 1, cost: 5)
    #expect(memo.find(1) == 2 && memo.cost == 5)
  }
}
