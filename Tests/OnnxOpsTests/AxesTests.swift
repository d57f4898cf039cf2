import Language
import Testing

@testable import OnnxOps

@Suite struct AxesTests {
  @Test func countFromTheBackAndNameMistakes() throws {
    #expect(try Axes.resolved([-1, 0], rank: 3) == [2, 0])
    let outside = #expect(throws: Fault.self) { try Axes.resolved(2, rank: 2) }
    #expect(outside?.message == "axis 2 is outside a tensor of rank 2")
    let twice = #expect(throws: Fault.self) { try Axes.resolved([1, -1], rank: 2) }
    #expect(twice?.message == "axis -1 is named twice")
  }

  @Test func impossibleExtentsAreRefusedBeforeAnythingIsMade() throws {
    #expect(try Extents.count([2, 0, 3]) == 0)
    for shape in [[1 << 40, 1 << 40], [0, 1 << 62, 8], [1 << 33]] {
      #expect(throws: Fault.self) { try Extents.count(shape) }
    }
    let negative = #expect(throws: Fault.self) { try Extents.count([2, -1]) }
    #expect(negative?.message == "[2, -1] has a negative extent")
  }
}
