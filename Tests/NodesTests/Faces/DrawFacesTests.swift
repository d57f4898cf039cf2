import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DrawFacesTests {
  let black = Value.image(plain(.rgb8, height: 60, width: 80, [0, 0, 0]))

  func pixel(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] {
    Array(image.pixels.elements(UInt8.self)[3 * (y * image.width + x)..<3 * (y * image.width + x) + 3])
  }

  @Test func `box, points and landmarks`() throws {
    guard case .record(var record) = face([10, 20, 50, 50], points: [[30, 35]]) else { return }
    record.fields.append(("landmarks", .tensor(Tensor(shape: [1, 2], [Float(40), 40]))))
    let drawn = try #require(
      try run(
        DrawFaces.op, ["image": black, "faces": .list([.record(record)])],
        ["box_colour": "#00ff00", "point_colour": "#ff0000", "text_scale": 0])[0].image)
    #expect(pixel(drawn, 10, 30) == [0, 255, 0] && pixel(drawn, 30, 35) == [255, 0, 0])
    // A dot of one pixel's radius about the corner of four pixels: each is covered to about four fifths.
    #expect(
      pixel(drawn, 40, 40)[0] > 180 && pixel(drawn, 40, 40)[1...] == [0, 0] && pixel(drawn, 20, 30) == [0, 0, 0])
    let labelled = try run(
      DrawFaces.op, ["image": black, "faces": .list([.record(record)])],
      ["box_colour": "#00ff00", "point_colour": "#ff0000"])[0].image
    #expect(labelled != drawn)
  }

  /// What is not said grows with the picture: boxes, points and letters are as large a share of it.
  @Test func `labels grow with the picture`() throws {
    #expect(DrawFaces.labelScale(width: 80, height: 60) == 1 && DrawFaces.labelScale(width: 640, height: 480) == 1)
    #expect(DrawFaces.labelScale(width: 960, height: 720) == 2 && DrawFaces.labelScale(width: 3000, height: 4000) == 8)
    let large = Value.image(plain(.rgb8, height: 40, width: 960, [0, 0, 0]))
    let faces = Value.list([face([100, 8, 300, 36])])
    let own = try run(DrawFaces.op, ["image": large, "faces": faces])[0].image
    let said = try run(
      DrawFaces.op, ["image": large, "faces": faces], ["text_scale": 2, "line_width": 3, "radius": 3])[0].image
    let small = try run(
      DrawFaces.op, ["image": large, "faces": faces], ["text_scale": 1, "line_width": 2, "radius": 2])[0].image
    #expect(own == said && own != small)
  }

  @Test func `what stands above a face`() throws {
    let fields: [(name: String, value: Value)] = [
      ("name", .string("Ada")), ("score", .number(0.876)), ("gender", .string("F")), ("age", .int(36)),
      ("yaw", .number(-3.6)), ("pitch", .number(1.2)), ("roll", .number(0.4)),
    ]
    let box = Box(x1: 0, y1: 0, x2: 1, y2: 1)
    #expect(DrawFaces.lines(Face(box: box, score: 0.876), Record(fields)) == ["Ada 0.88", "F 36", "-4 1 0"])
    #expect(DrawFaces.lines(Face(box: box, score: 0, isWholePicture: true), Record([])) == ["no face found"])
  }

  @Test func `boxes that are not finite or far away are left out`() throws {
    let wild = face([.infinity, 0, 1, 1])
    let far = face([-1e12, -1e12, -1e12 + 5, -1e12 + 5])
    let drawn = try run(DrawFaces.op, ["image": black, "faces": .list([wild, far])])[0].image
    #expect(drawn == black.image)
    #expect(
      message { _ = try infer(DrawFaces.op, ["image": "image[2,2]", "faces": "list<face>"], ["box_colour": "ruby"]) }
        .hasPrefix("param \"box_colour\" is no colour"))
  }
}
