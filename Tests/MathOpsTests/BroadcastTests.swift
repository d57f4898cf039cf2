import Language
import Tensors
import Testing

@testable import MathOps

@Suite struct BroadcastTests {
  @Test func shapesStretchAsInNumPy() throws {
    #expect(try Broadcast.shape([4, 1, 3], [5, 1]) == [4, 5, 3])
    #expect(try Broadcast.shape([], [2]) == [2])
    #expect(try Broadcast.shape([.symbol("H"), 3], [1, 3]) == [.symbol("H"), 3])
    #expect(try Broadcast.shape([.symbol("H")], [7]) == [7])
    #expect(try Broadcast.shape([1, 0], [4, 1]) == [4, 0])
  }

  @Test func faultsNameTheDimensionAndBothExtents() {
    #expect(throws: Fault.notBroadcastable(("a", 2), ("b", 3), 1)) { try Broadcast.shape([5, 2], [3]) }
    let message = Fault.notBroadcastable(("a", 2), ("b", 3), 1).message
    #expect(
      message == "a and b do not broadcast: dimension 1 is 2 in a and 3 in b; they must be equal or one of them 1")
    let half = Dim.symbol("H") / 2
    #expect(throws: Fault.self) { try Broadcast.shape([.symbol("H")], [half]) }
  }

  @Test func nestsVisitEveryElementOnce() {
    let extents = [3, 1, 4, 5]
    let strides = Broadcast.strides([4, 1], over: extents)
    #expect(strides == [0, 0, 1, 0])
    let nest = Nest(extents: extents, strides: [strides, Broadcast.strides(extents, over: extents)])
    for size in [1, 7, 60] {
      var seen: [Int] = []
      var places: [Int] = []
      for begin in stride(from: 0, to: 60, by: size) {
        nest.forEachRun(in: begin..<min(60, begin + size)) { start, count, first, second in
          for index in 0..<count {
            seen.append(second + index * nest.innerStride(1))
            places.append(first + index * nest.innerStride(0))
            #expect(start + index == seen.count - 1)
          }
        }
      }
      #expect(seen == Array(0..<60))
      #expect(places == (0..<60).map { $0 / 5 % 4 })
    }
  }

  @Test func equalShapesBecomeOneLoop() {
    #expect(Nest(extents: [2, 3, 4], strides: [[12, 4, 1], [12, 4, 1]]).extents == [24])
    #expect(Nest(extents: [2, 0], strides: [[0, 1]]).count == 0)
  }
}
