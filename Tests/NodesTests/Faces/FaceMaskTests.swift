import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct FaceMaskTests {
  private let image = Value.image(plain(.rgb8, height: 12, width: 16, [0, 0, 0]))

  private func mask(_ points: [[Double]], _ settings: [String: Literal] = [:]) throws -> [UInt8] {
    let value = Value.list(points.map { .list($0.map { .number($0) }) })
    let made = try run(FaceMask.op, ["image": image, "points": value], settings)[0].image
    let picture = try #require(made)
    #expect(picture.format == .grey8 && picture.width == 16 && picture.height == 12)
    return picture.pixels.elements(UInt8.self)
  }

  @Test func `pixels whose middle is inside are white`() throws {
    // A rectangle of 6 × 4 with a point inside it and one on its edge.
    let found = try mask([[3, 2], [9, 2], [9, 6], [3, 6], [5, 4], [6, 2]])
    for row in 0..<12 {
      for column in 0..<16 {
        let isInside = (3..<9).contains(column) && (2..<6).contains(row)
        #expect(found[row * 16 + column] == (isInside ? 255 : 0), "\(column), \(row)")
      }
    }
  }

  @Test func `the hull grows about its middle, and what lies beyond the photo is left out`() throws {
    let found = try mask([[4, 4], [8, 4], [8, 8], [4, 8]], ["grow": 1])
    #expect(found.filter { $0 == 255 }.count == 64)
    #expect(try mask([[-9, -9], [40, -9], [40, 40], [-9, 40]]).allSatisfy { $0 == 255 })
    #expect(try mask([[20, 1], [30, 1], [30, 9]]).allSatisfy { $0 == 0 })
  }

  @Test func `lips and eyes of 68 points`() throws {
    var points = Array(repeating: [0.0, 0.0], count: 68)
    points.replaceSubrange(48..<52, with: [[4, 4], [8, 4], [8, 6], [4, 6]])
    for index in 52..<68 { points[index] = [6, 5] }
    #expect(try mask(points, ["part": "lips"]).filter { $0 == 255 }.count == 8)
    for (start, x) in [(36, 1.0), (42, 9.0)] {
      for (index, corner) in [[0.0, 0], [3, 0], [3, 2], [0, 2], [1, 1], [2, 1]].enumerated() {
        points[start + index] = [x + corner[0], 8 + corner[1]]
      }
    }
    #expect(try mask(points, ["part": "eyes"]).filter { $0 == 255 }.count == 12)
  }

  @Test func `what encloses nothing is said`() {
    #expect(
      message { _ = try mask([[1, 1], [2, 2], [3, 3]]) } == "the points enclose nothing: their hull has 2 corners")
    #expect(
      message { _ = try mask([[1, 1], [2, 1], [3, 3]], ["part": "lips"]) }
        == "part \"lips\" needs 68 points, but 3 arrived; \"face\" takes any")
  }
}
