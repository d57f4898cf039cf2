import Glibc
import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct FaceAlignTests {
  func map(_ value: Value, _ settings: [String: Literal] = [:]) throws -> Affine {
    try Affine(try run(FaceAlign.op, ["face": value], settings)[0].tensor!, "matrix")
  }

  func isNear(_ a: Point, _ b: Point, _ limit: Double = 1e-3) -> Bool {
    abs(a.x - b.x) < limit && abs(a.y - b.y) < limit
  }

  /// The template turned, grown and moved into a photo.
  let inPhoto = Affine(3 * cos(0.3), -3 * sin(0.3), 100, 3 * sin(0.3), 3 * cos(0.3), 50)

  func face68(_ given: [Int: Point]) -> Value {
    face([0, 0, 300, 300], points: (0..<68).map { index in given[index].map { [$0.x, $0.y] } ?? [0, 0] })
  }

  @Test func `the crop's template lies on the face, at any size`() throws {
    let points = AlignmentRecipe.arcfacePoints.map { inPhoto($0) }.map { [$0.x, $0.y] }
    for (size, scale, shift) in [
      (112, 1.0, 0.0), (224, 2, 0), (128, 1, 8), (256, 2, 16), (896, 8, 0), (96, 96.0 / 112, 0),
    ] {
      let matrix = try map(face([0, 0, 1, 1], points: points), ["size": .int(size)])
      for (template, point) in zip(AlignmentRecipe.arcfacePoints, points) {
        let inCrop = Point(template.x * scale + shift, template.y * scale)
        #expect(isNear(matrix(inCrop), Point(point[0], point[1]), 2e-3))
      }
    }
  }

  @Test func `SFace's rounded mean moves the crop by less than a thousandth`() throws {
    let value = face([0, 0, 1, 1], points: AlignmentRecipe.arcfacePoints.map { [2 * $0.x, 2 * $0.y] })
    let (arcface, sface) = (try map(value), try map(value, ["recipe": "sface"]))
    #expect(arcface != sface && isNear(arcface(Point(0, 0)), sface(Point(0, 0)), 1e-3))
  }

  @Test func `dlib's chip and OpenFace's three points`() throws {
    let dlib = Dictionary(uniqueKeysWithValues: zip(AlignmentRecipe.dlibIndices, AlignmentRecipe.dlibPoints))
      .mapValues { Point(200 * $0.x + 10, 200 * $0.y + 20) }
    let chip = try map(face68(dlib), ["recipe": "dlib", "size": 150])
    // The template spans 1 / 1.5 of the chip, 100 pixels, and 200 of the photo.
    #expect(isNear(chip(Point(25, 25)), Point(10, 20)) && isNear(chip(Point(125, 125)), Point(210, 220)))
    let openface = AlignmentRecipe.openfacePoints.mapValues { Point(100 * $0.x, 100 * $0.y) }
    for recipe in ["openface", "openface_inner"] {
      let matrix = try map(face68(openface), ["recipe": .string(recipe), "size": 96])
      let (low, high) = (AlignmentRecipe.openfaceLow, AlignmentRecipe.openfaceHigh)
      #expect(isNear(matrix(Point(0, 0)), Point(100 * low.x, 100 * low.y)))
      #expect(isNear(matrix(Point(96, 96)), Point(100 * high.x, 100 * high.y)))
    }
  }

  @Test func `deepface levels the eyes and fits the box`() throws {
    let value = face(
      [10, 20, 50, 100], points: [[20, 50], [40, 60], [30, 70], [20, 80], [40, 85]])
    let matrix = try map(value, ["recipe": "deepface", "size": 160])
    #expect(isNear(matrix(Point(80, 80)), Point(30, 60)))
    let crop = try #require(matrix.inverse)
    #expect(abs(crop(Point(20, 50)).y - crop(Point(40, 60)).y) < 1e-3)
    #expect(abs(crop.scale - 2) < 1e-5)
  }

  @Test func `a whole photo is stretched as a resize would`() throws {
    let whole = Face(box: Box(x1: 0, y1: 0, x2: 224, y2: 112), score: 0, isWholePicture: true).value
    let matrix = try map(whole)
    #expect(isNear(matrix(Point(0, 0)), Point(0.5, 0)) && isNear(matrix(Point(111, 111)), Point(222.5, 111)))
    #expect(try map(face([0, 0, 224, 112])) == matrix)
  }

  @Test func `too few points and points in one place are refused`() {
    #expect(
      message { _ = try map(face([0, 0, 1, 1], points: [[1, 2]])) }
        == "alignment \"arcface\" needs 5 points, but the face has 1")
    #expect(
      message { _ = try map(face([0, 0, 1, 1]), ["recipe": "dlib"]) }
        == "alignment \"dlib\" needs 68 points, but the face has 0")
    #expect(
      message { _ = try map(face([0, 0, 1, 1], points: [[Double]](repeating: [3, 3], count: 5))) }
        == "the points of the face fall together: it cannot be aligned")
  }
}
