import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct MouthCropTests {
  func matrix(_ points: [Point], _ attributes: [String: Literal] = [:]) throws -> Affine {
    let face = Face(box: Box(x1: 0, y1: 0, x2: 10, y2: 10), score: 1, points: points)
    let result = try run(MouthCrop.op, ["face": face.value], attributes)
    guard case .tensor(let tensor) = result[0] else { throw Fault("test", "no matrix") }
    return try Affine(tensor, "matrix")
  }

  @Test func `the box of 68 landmarks fills the crop`() throws {
    var points = (0..<68).map { Point(Double($0), 5) }
    for index in 48..<68 { points[index] = Point(100 + Double(index - 48) * 2, 60 + Double(index % 4) * 5) }
    let map = try matrix(points)
    // The corners of the crop's first and last pixel are those of the box.
    let (first, last) = (map(Point(-0.5, -0.5)), map(Point(89.5, 29.5)))
    #expect(abs(first.x - 99.5) < 1e-4 && abs(first.y - 59.5) < 1e-4)
    #expect(abs(last.x - 137.5) < 1e-4 && abs(last.y - 74.5) < 1e-4)
    let wide = try matrix(points, ["margin": 0.5])(Point(-0.5, -0.5))
    #expect(abs(wide.x - 80.5) < 1e-4 && abs(wide.y - 52) < 1e-4)
  }

  @Test func `with 5 points the crop turns with the mouth`() throws {
    // A head on its side: the mouth's corners stand one above the other, down is to the left.
    let points = [(0, 0), (0, 10), (-5, 5), (20, 30), (20, 70)].map { Point(Double($0.0), Double($0.1)) }
    let map = try matrix(points)
    let start = map(Point(-0.5, -0.5))
    #expect(abs(start.x - (20 + 0.18 * 40 - 0.5)) < 1e-4 && abs(start.y - 29.5) < 1e-4)
    let end = map(Point(89.5, 29.5))
    #expect(abs(end.x - (20 - 0.29 * 40 - 0.5)) < 1e-4 && abs(end.y - 69.5) < 1e-4)
  }

  @Test func `other counts and points on one spot are refused`() {
    #expect(message { _ = try matrix([Point(1, 1)]) }.contains("5 or 68"))
    #expect(message { _ = try matrix(Array(repeating: Point(1, 1), count: 5)) } != "no fault")
  }
}
