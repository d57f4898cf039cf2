import Language
import Tensors
import Testing

@Suite struct BatchRuleTests {
  static func use(_ shapes: [[Int]], stacked: [Bool], result: [Int], _ attributes: [String: Literal] = [:])
    -> BatchRule.Use
  {
    BatchRule.Use(
      attributes: Attributes(attributes), operands: shapes.map { [Concrete(dtype: .f32, shape: $0)] },
      isStacked: stacked.map { [$0] }, results: [Concrete(dtype: .f32, shape: result)], count: 4)
  }

  @Test func onlyTheFirstPortIsStacked() {
    let shapes = [[1, 3], [5, 3]]
    #expect(BatchRule.first.attributes(Self.use(shapes, stacked: [true, false], result: [1, 5])) != nil)
    #expect(BatchRule.first.attributes(Self.use(shapes, stacked: [true, true], result: [1, 5])) == nil)
    #expect(BatchRule.first.attributes(Self.use(shapes, stacked: [false, true], result: [1, 5])) == nil)
  }

  @Test(arguments: [
    ([1, 3, 8], true, true), ([3, 8], false, true), ([1, 3, 1], false, true), ([1, 8], true, false),
    ([2, 3, 8], false, false), ([], false, true),
  ]) func whatBroadcastsMustNotReachTheItems(other: [Int], isStacked: Bool, isAllowed: Bool) {
    let use = Self.use([[1, 3, 8], other], stacked: [true, isStacked], result: [1, 3, 8])
    #expect((BatchRule.pointwise.attributes(use) != nil) == isAllowed)
  }

  @Test func worksAlongOtherAxesThanTheItems() {
    func axis(_ value: Literal) -> Bool {
      BatchRule.alongAxis().attributes(Self.use([[1, 3, 8]], stacked: [true], result: [1, 3, 8], ["axis": value]))
        != nil
    }
    #expect(axis(.int(1)) && axis(.int(-1)) && axis(.int(-2)))
    #expect(!axis(.int(0)) && !axis(.int(-3)) && !axis(.null))
    func axes(_ value: Literal) -> Bool {
      BatchRule.alongAxes().attributes(Self.use([[1, 3, 8]], stacked: [true], result: [1], ["axes": value])) != nil
    }
    #expect(axes(.array([.int(1), .int(-1)])) && axes(.int(2)))
    #expect(!axes(.array([.int(1), .int(-3)])) && !axes(.int(0)) && !axes(.null))
  }
}
