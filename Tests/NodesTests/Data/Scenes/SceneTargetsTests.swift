import Images
import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct SceneTargetsTests {
  @Test func `a face is written into the cells of its middle, at its level, as YuNet decodes it`() throws {
    let settings = try SceneTests.settings()
    let points = [(40, 30), (56, 31), (48, 40), (42, 50), (55, 50)].map { Point(Double($0.0), Double($0.1)) }
    let face = Scene.Target(box: Box(x1: 28, y1: 18, x2: 68, y2: 62), points: points)
    let tensor = SceneTargets.tensor([face], settings)
    let cells = 144 + 36
    #expect(tensor.shape == [16, cells])
    let values = tensor.elements(Float.self)
    let positive = (0..<cells).filter { values[$0] == 1 }
    // Side 42 is the coarser level's: 6 × 6 cells of 16 px; the middle (48, 40) lies within 8.4 of two cells' middles.
    #expect(positive == [144 + 2 * 6 + 2, 144 + 2 * 6 + 3])
    // The finer level is asked nothing near the middle, and everything elsewhere.
    #expect(values[cells + 5 * 12 + 5] == 0 && values[cells] == 1 && values[cells + 144] == 1)
    for cell in positive {
      let (column, row) = (Double((cell - 144) % 6), Double((cell - 144) / 6))
      func value(_ index: Int) -> Double { Double(values[index * cells + cell]) }
      #expect(abs((column + value(2)) * 16 - 48) < 1e-4 && abs((row + value(3)) * 16 - 40) < 1e-4)
      #expect(abs(exp(value(4)) * 16 - 40) < 1e-4 && abs(exp(value(5)) * 16 - 44) < 1e-4)
      for (index, point) in points.enumerated() {
        #expect(abs((column + value(6 + 2 * index)) * 16 - point.x) < 1e-4)
        #expect(abs((row + value(7 + 2 * index)) * 16 - point.y) < 1e-4)
      }
    }
  }

  @Test func `the decoder of detection networks reads targets back`() throws {
    let settings = try SceneTests.settings()
    let face = Scene.Target(
      box: Box(x1: 10, y1: 12, x2: 24, y2: 30), points: (0..<5).map { Point(12 + 2 * Double($0), 20) })
    let values = SceneTargets.tensor([face], settings).elements(Float.self)
    let cells = settings.cells
    func rows(_ first: Int, _ count: Int) -> Value {
      .tensor(
        Tensor(
          shape: [1, cells, count],
          (0..<cells).flatMap { cell in (first..<first + count).map { values[$0 * cells + cell] } }))
    }
    let found = try run(
      DetectorDecode.op,
      [
        "outputs": .list([rows(0, 1), rows(2, 4), rows(6, 10)]),
        "x": .tensor(Tensor(shape: [1, 1, 96, 96], [Float](repeating: 0, count: 96 * 96))),
      ],
      ["kind": "yunet", "scores": "single", "strides": [8, 16], "anchors": [1]])
    guard case .tensor(let tensor) = found[0] else { throw Fault("test", "no tensor") }
    #expect(tensor.shape[0] > 0 && tensor.shape[1] == 15)
    for row in 0..<tensor.shape[0] {
      let numbers = tensor.numbers[row * 15..<row * 15 + 15].map { ($0 * 100).rounded() / 100 }
      #expect(numbers == [10, 12, 24, 30, 1, 12, 20, 14, 20, 16, 20, 18, 20, 20, 20])
    }
  }
}
