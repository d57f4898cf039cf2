import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct StagesTests {
  let photo = Value.image(plain(.rgb8, height: 48, width: 60, [10, 20, 30]))

  @Test func `the pyramid ends at the window`() throws {
    let results = try run(Pyramid.op, ["image": photo], ["min_face": 24, "factor": 0.5])
    // 24 and 12 rows, and one more.
    #expect(results[0].list!.map { $0.image!.height } == [25, 13] && results[0].list![0].image!.width == 31)
    #expect(results[1].list!.map { $0.scalar! } == [0.5, 0.25])
    #expect(results[0].list![1].image!.pixels.elements(UInt8.self).prefix(3) == [10, 20, 30])
    #expect(try run(Pyramid.op, ["image": photo], ["min_face": 60])[0].list!.isEmpty)
  }

  @Test func `a proposal is a square, moved by the correction`() throws {
    // A map of 2 × 3 at half size; only row 1, column 2 is sure: (4 + 1) / 0.5 to (4 + 12) / 0.5 across.
    let scores = Tensor(shape: [1, 2, 2, 3], [Float](repeating: 0.2, count: 11) + [0.9])
    var moves = [Float](repeating: 0, count: 24)
    (moves[5], moves[23]) = (0.5, 0.25)  // left by half the side, bottom by a quarter
    let found = try run(
      Proposals.op,
      [
        "scores": .list([.tensor(scores)]), "boxes": .list([.tensor(Tensor(shape: [1, 4, 2, 3], moves))]),
        "scales": .list([.number(0.5)]),
      ])[0].faces()
    // 10…32 by 6…28, then 21…32 by 6…33.5: 27.5 square about (26.5, 19.75).
    #expect(found.count == 1 && found[0].box == Box(x1: 12.75, y1: 6, x2: 40.25, y2: 33.5) && found[0].points.isEmpty)
    #expect(
      message { _ = try run(Proposals.op, ["scores": .list([]), "boxes": .list([]), "scales": .list([.number(1)])]) }
        == "port \"scores\" needs a map [1, 2, h, w] with a map [1, 4, h, w] of boxes per scale, but nothing arrived")
  }

  @Test func `crops reach beyond the photo into black`() throws {
    let crops = try run(
      Crops.op, ["image": photo, "faces": .list([face([-9, 1, 10, 20]), face([500, 500, 520, 520])])], ["size": 10])[0]
    let (edge, outside) = (crops.list![0].image!, crops.list![1].image!)
    #expect(edge.pixels.elements(UInt8.self).prefix(3) == [0, 0, 0])
    #expect(edge.pixels.elements(UInt8.self).suffix(3) == [10, 20, 30])
    #expect(outside.width == 10 && outside.pixels.elements(UInt8.self).allSatisfy { $0 == 0 })
  }

  @Test func `a stage drops the unsure and moves the others`() throws {
    let faces = Value.list([face([0, 0, 19, 9]), face([50, 50, 60, 60])])
    func rows(_ values: [[Float]]) -> Value { .list(values.map { .tensor(Tensor(shape: [1, $0.count], $0)) }) }
    let squares = try run(
      Refinement.op,
      ["faces": faces, "scores": rows([[0.1, 0.9], [0.8, 0.2]]), "boxes": rows([[0, 0, 0, 0.5], [0, 0, 0, 0]])]
    )[0].faces()
    // 0…19 by 0…14: 19 square about (9.5, 7).
    #expect(squares.map(\.box) == [Box(x1: 0, y1: -2.5, x2: 19, y2: 16.5)])
    let last = try run(
      Refinement.op,
      [
        "faces": faces, "scores": rows([[0.1, 0.9], [0.2, 0.8]]), "boxes": rows([[0, 0, 0, 0], [0.5, 0, 0, 0]]),
        "points": rows([[Float]](repeating: [0, 0.5, 1, 0, 1, 0, 0.5, 1, 1, 0], count: 2)),
      ])[0].faces()
    #expect(last.map(\.score) == [Double(Float(0.9)), Double(Float(0.8))] && last[1].box.x1 == 55.5)
    #expect(last[0].points[1] == Point(9, 4))
    #expect(
      message { _ = try run(Refinement.op, ["faces": faces, "scores": rows([]), "boxes": rows([])]) }
        == "port \"scores\" needs a list of tensors of 2 numbers, one per face, but a list of 0 arrived")
  }
}
