import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct SuppressionTests {
  func kept(_ faces: [Value], _ settings: [String: Literal] = [:]) throws -> [Double] {
    try run(Suppression.op, ["candidates": .list(faces)], settings)[0].faces().map(\.score)
  }

  /// Two boxes of 10 × 10, the second moved by `shift`.
  func pair(_ shift: Double) -> [Value] {
    [face([0, 0, 10, 10], score: 0.8), face([shift, 0, 10 + shift, 10], score: 0.9)]
  }

  @Test func `the surer of two that overlap stays`() throws {
    // Overlap (10 - s) / (10 + s): 0.4 at 30 / 7.
    #expect(try kept(pair(4.2)) == [0.9])
    #expect(try kept(pair(4.4)) == [0.9, 0.8])
    #expect(try kept(pair(4.2), ["iou": 0.45]) == [0.9, 0.8])
  }

  @Test func `conventions differ in what a pixel is`() throws {
    // One pixel more per side: (11 - s) · 11 / …: 0.4 at s = 33 / 7.
    #expect(try kept(pair(4.5), ["convention": "legacy"]) == [0.9])
    #expect(try kept(pair(4.5)) == [0.9, 0.8])
    // x cut to 4: 60 / 140 = 0.43.
    #expect(try kept(pair(4.9), ["convention": "integer"]) == [0.9])
  }

  @Test func `a small box in a large one is judged by the smaller area`() throws {
    let boxes = [face([0, 0, 20, 20], score: 0.9), face([5, 5, 10, 10], score: 0.8)]
    #expect(try kept(boxes) == [0.9, 0.8])
    #expect(try kept(boxes, ["overlap": "minimum"]) == [0.9])
  }

  @Test func `candidates of several sizes are judged together; equal scores keep their order`() throws {
    let rows = Tensor(shape: [2, 7], [Float(0), 0, 10, 10, 0.5, 1, 2, 50, 50, 60, 60, 0.75, 3, 4])
    let other = Tensor(shape: [1, 5], [Float(1), 0, 11, 10, 0.5])
    let found = try run(Suppression.op, ["candidates": .list([.tensor(rows), .tensor(other)])])[0].faces()
    #expect(found.map(\.score) == [0.75, 0.5] && found[1].box.x1 == 0 && found[1].points.count == 1)
    #expect(try kept(pair(9), ["limit": 1]) == [0.9])
    #expect(try kept(pair(9), ["top_k": 1]) == [0.9])
    #expect(try kept([]).isEmpty)
  }

  @Test func `boxes far apart or without area never overlap`() {
    let (a, b) = (Box(x1: 0, y1: 0, x2: 1, y2: 1), Box(x1: 2, y1: 2, x2: 2, y2: 2))
    #expect(a.overlap(b) == 0 && b.overlap(b) == 0 && a.overlap(a) == 1)
  }

  @Test func `what is no candidate is refused`() {
    let odd = Value.tensor(.zeros(.f32, shape: [1, 6]))
    #expect(
      message { _ = try run(Suppression.op, ["candidates": .list([odd])]) }
        == "port \"candidates\" needs a tensor of rows of x1, y1, x2, y2, score and points, but a tensor f32[1, 6] arrived"
    )
  }
}
