import Images
import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct FaceCropTests {
  func map(_ settings: [String: Literal], box: [Double] = [10, 20, 50, 100]) throws -> Affine {
    try Affine(try run(FaceCrop.op, ["face": face(box)], settings)[0].tensor!, "matrix")
  }

  @Test func `a square of the longer side about the centre`() throws {
    // 1.5 · 80 about (30, 60), 120 pixels to 192.
    let matrix = try map(["size": 192, "scale": 1.5])
    #expect(matrix(Point(0, 0)) == Point(-30, 0) && matrix(Point(96, 96)) == Point(30, 60))
    let centres = try map(["size": 60, "scale": 1.5, "pixels": "centres"])
    #expect(centres(Point(0, 0)) == Point(-29.5, 0.5))
  }

  @Test func `margins and stretching`() throws {
    let matrix = try map(["size": 40, "margins": .array([0.25, 0, 0.75, 0]), "stretch": true])
    #expect(matrix(Point(0, 0)) == Point(0, 20) && matrix(Point(40, 40)) == Point(80, 100))
  }

  @Test func `whole pixels are cut towards zero`() throws {
    let matrix = try map(["size": 10, "pixels": "whole"], box: [-0.5, 0.5, 10.75, 10.25])
    // -0.5625 … and 10.75: 0 and 10 across; 0 … 11 down.
    let corner = matrix(Point(-0.5, -0.5))
    #expect(abs(corner.x + 0.5) < 1e-5 && abs(corner.y + 0.5) < 1e-5)
    #expect(abs(matrix(Point(9.5, 9.5)).x - 9.5) < 1e-5)
  }

  @Test func `a box without area is refused`() {
    #expect(
      message { _ = try map([:], box: [5, 5, 5, 9]) } == "the box of the face is 0.0 × 4.0: there is nothing to cut out"
    )
  }
}
