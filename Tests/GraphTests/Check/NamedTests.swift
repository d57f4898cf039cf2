import Testing

@testable import Graph

@Suite struct NamedTests {
  @Test func aNameHasOneValueAndKeepsItsPlace() {
    var named: Named<Int> = ["b": 1, "a": 2]
    named["b"] = 3
    named["c"] = 4
    #expect(named["b"] == 3 && named["a"] == 2 && named["d"] == nil)
    #expect(named.names == ["b", "a", "c"] && named.map(\.value) == [3, 2, 4])
    named["a"] = nil
    named["d"] = nil
    #expect(named.names == ["b", "c"])
  }

  @Test func someOfThemAndOthersMadeOfThem() {
    let named: Named<Int> = ["b": 1, "a": 2, "c": 3]
    let odd = named.filter { _, value in value % 2 == 1 }
    #expect(odd.names == ["b", "c"] && odd["a"] == nil)
    #expect(named.mapValues { 2 * $0 } == ["a": 4, "b": 2, "c": 6])
  }
}
