import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct EncoderRecipeTests {
  private let aligned = Face(
    box: Box(x1: 0, y1: 0, x2: 10, y2: 10), score: 1, points: (0..<5).map { Point(Double($0), 1) }
  ).value
  private let boxed = Face(box: Box(x1: 0, y1: 0, x2: 10, y2: 10), score: 1).value

  private func recipe(_ face: Value, _ detector: Value, _ settings: [String: Literal]) throws -> String? {
    try run(EncoderRecipe.op, ["face": face, "detector": detector], settings)[0].text
  }

  @Test func aPositionByPointsIsThatOfAnyDetector() throws {
    let settings: [String: Literal] = ["mean": .float(127.5), "std": .int(128)]
    #expect(try recipe(aligned, .string("yunet"), settings) == "arcface 112, (rgb - 127.5) / 128")
    #expect(try recipe(aligned, .string("scrfd"), settings) == "arcface 112, (rgb - 127.5) / 128")
    let whole = Face(box: Box(x1: 0, y1: 0, x2: 9, y2: 9), score: 0, isWholePicture: true).value
    #expect(try recipe(whole, .none, settings) == "arcface 112, (rgb - 127.5) / 128")
  }

  @Test func aPositionByTheBoxIsThatOfOneDetector() throws {
    let mean: Literal = .array([.float(122.782), .int(117), .float(104.298)])
    #expect(
      try recipe(boxed, .string("haar"), ["mean": mean, "std": .int(256), "size": .int(150)])
        == "box 150, (rgb - [122.782, 117, 104.298]) / 256, boxes of haar")
    let scratch = try Scratch()
    let path = try scratch.file("net.onnx", "weights")
    let words = try #require(try recipe(aligned, .file(path), ["place": .string("boxed")]))
    let digest = "\(try FileContent.digest(path))".prefix(8)
    #expect(words == "box 112, (rgb - 0) / 1, boxes of net.onnx (\(digest))")
  }
}
