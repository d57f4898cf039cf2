import Images
import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct FaceMoveTests {
  @Test func `boxes and points move together`() throws {
    let moved = try run(
      FaceMove.op, ["faces": .list([face([1, 2, 3, 4], points: [[5, 6]]), face([0, 0, 1, 1], score: 0.1)])],
      ["x": -1, "y": 10, "score": 0.5])[0].faces()
    #expect(moved.count == 1 && moved[0].box == Box(x1: 0, y1: 12, x2: 2, y2: 14) && moved[0].points == [Point(4, 16)])
  }
}
