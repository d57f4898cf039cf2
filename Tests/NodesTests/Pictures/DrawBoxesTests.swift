import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct DrawBoxesTests {
  let black = Value.image(plain(.rgb8, height: 20, width: 20, [0, 0, 0]))

  func pixel(_ image: Image?, _ x: Int, _ y: Int) -> [UInt8] {
    guard let image else { return [] }
    let start = (y * image.width + x) * image.format.channels
    return Array(image.pixels.elements(UInt8.self)[start..<start + image.format.channels])
  }

  @Test func `records and rows draw the same frame`() throws {
    let box = Value.record(Record([("x", .int(4)), ("y", .int(5)), ("width", .number(8)), ("height", .number(6))]))
    let settings: [String: Literal] = ["colour": "#ff0000", "line_width": 2]
    let drawn = try run(DrawBoxes.op, ["image": black, "boxes": .list([box])], settings)[0].image
    let rows = Tensor(shape: [1, 4], [Float(4), 5, 8, 6])
    #expect(try run(DrawBoxes.op, ["image": black, "boxes": .tensor(rows)], settings)[0].image == drawn)
    #expect(pixel(drawn, 4, 5) == [255, 0, 0] && pixel(drawn, 12, 11) == [255, 0, 0])
    #expect(pixel(drawn, 8, 8) == [0, 0, 0] && pixel(drawn, 1, 1) == [0, 0, 0])
  }

  @Test func `labels are written above`() throws {
    let box: [(name: String, value: Value)] = [
      ("x", .int(2)), ("y", .int(16)), ("width", .int(5)), ("height", .int(2)),
    ]
    let bare = try run(DrawBoxes.op, ["image": black, "boxes": .list([.record(Record(box))])])[0].image
    let scored = try run(
      DrawBoxes.op, ["image": black, "boxes": .list([.record(Record(box + [("score", .number(0.5))]))])])[0].image
    #expect(scored != bare)
    let named = try run(
      DrawBoxes.op,
      ["image": black, "boxes": .list([.record(Record(box))]), "labels": .list([.string("0.5")])])[0].image
    #expect(named == scored)
  }

  @Test func `incomplete boxes and bad colours are refused`() throws {
    #expect(try infer(DrawBoxes.op, ["image": "image<grey8>[2,3]", "boxes": "list<box>"]) == ["image<grey8>[2,3]"])
    let half = Value.list([.record(Record([("x", .int(1))]))])
    #expect(
      message { _ = try run(DrawBoxes.op, ["image": black, "boxes": half]) }
        == "port \"boxes\" needs records with x, y, width, height, but one has x")
    #expect(
      message { _ = try infer(DrawBoxes.op, ["image": "image[2,2]", "boxes": "list<box>"], ["colour": "ruby"]) }
        .hasPrefix("param \"colour\" is no colour: \"ruby\""))
  }

  @Test func `points are dots at their place`() throws {
    let points = Tensor(shape: [2, 2], [Float(5), 5, 15, 10])
    let drawn = try run(
      DrawPoints.op, ["image": black, "points": .list([.tensor(points)])], ["colour": "white", "radius": 2])[0].image
    #expect(pixel(drawn, 5, 5) == [255, 255, 255] && pixel(drawn, 15, 10) == [255, 255, 255])
    #expect(pixel(drawn, 10, 5) == [0, 0, 0])
  }
}
