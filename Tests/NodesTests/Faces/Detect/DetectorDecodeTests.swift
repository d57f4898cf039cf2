import Glibc
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

/// Synthetic outputs of every family, decoded by hand.
@Suite struct DetectorDecodeTests {
  /// Rows of one width, all zero but those given.
  func rows(_ count: Int, _ width: Int, _ given: [Int: [Float]] = [:], batch: Bool = true) -> Value {
    var numbers = [Float](repeating: 0, count: count * width)
    for (row, values) in given { for (column, value) in values.enumerated() { numbers[row * width + column] = value } }
    return .tensor(Tensor(shape: batch ? [1, count, width] : [count, width], numbers))
  }

  let x = Value.tensor(.zeros(.f32, shape: [1, 3, 64, 96]))

  func decode(_ outputs: [Value], _ settings: [String: Literal] = [:], fit: [Float]? = nil) throws -> [[Float]] {
    let fit = fit.map { Value.tensor(Tensor(shape: [4], $0)) } ?? .none
    let result = try run(DetectorDecode.op, ["outputs": .list(outputs), "x": x, "fit": fit], settings)[0].tensor!
    let numbers = result.elements(Float.self)
    return (0..<result.shape[0]).map { Array(numbers[$0 * result.shape[1]..<($0 + 1) * result.shape[1]]) }
  }

  // 64 × 96: 8 × 12 cells at stride 8, 4 × 6 at 16, 2 × 3 at 32.
  @Test func `SCRFD: distances from anchors without a half cell`() throws {
    // Stride 16, row 1, column 2, second anchor: (32, 16).
    let place = (1 * 6 + 2) * 2 + 1
    let outputs = [
      rows(192, 1, batch: false), rows(48, 1, [place: [0.75]], batch: false), rows(12, 1, batch: false),
      rows(192, 4, batch: false), rows(48, 4, [place: [1, 0.5, 2, 1]], batch: false), rows(12, 4, batch: false),
      rows(192, 10, batch: false), rows(48, 10, [place: [0, 0, 1, 0, 0, 1]], batch: false),
      rows(12, 10, batch: false),
    ]
    let found = try decode(outputs)
    #expect(found == [[16, 8, 64, 32, 0.75, 32, 16, 48, 16, 32, 32, 32, 16, 32, 16]])
    // Twice as large, moved by (4, 8), and the other way back.
    #expect(try decode(outputs, fit: [2, 2, 4, 8])[0].prefix(4) == [6, 0, 30, 12])
    #expect(try decode(outputs, ["score": 0.8]).isEmpty)
    #expect(try decode(outputs, ["offset": 0.5])[0].prefix(4) == [24, 16, 72, 40])
  }

  @Test func `SCRFD of five levels has one anchor per cell`() throws {
    let counts = [96, 24, 6, 1 * 2, 1]
    let scores = counts.enumerated().map { rows($1, 1, $0 == 4 ? [0: [0.9]] : [:]) }
    let boxes = counts.enumerated().map { rows($1, 4, $0 == 4 ? [0: [0, 0, 0.5, 0.5]] : [:]) }
    #expect(try decode(scores + boxes) == [[0, 0, 64, 64, 0.9]])
  }

  @Test func `YuNet: offsets in cells, sizes by their logarithm, a mean of two scores`() throws {
    let place = 2 * 12 + 5  // stride 8: cell (5, 2)
    let zeros = { (width: Int) in [self.rows(24, width), self.rows(6, width)] }
    let outputs =
      [rows(96, 1, [place: [1.44]])] + zeros(1) + [rows(96, 1, [place: [0.49]])] + zeros(1)
      + [rows(96, 4, [place: [0.5, 0.25, Float(log(2.0)), 0]])] + zeros(4)
      + [rows(96, 10, [place: [1, -1]])] + zeros(10)
    let found = try decode(outputs)
    #expect(found.count == 1 && found[0][4] == 0.7)
    for (value, expected) in zip(found[0], [36, 14, 52, 22, 0.7, 48, 8, 40, 16] as [Float]) {
      #expect(abs(value - expected) < 1e-4)
    }
  }

  @Test func `RetinaFace: anchors of their own size, scaled by variances`() throws {
    let count = 2 * (96 + 24 + 6)
    // Stride 32, cell (1, 0), second anchor of 512: centre (48, 16).
    let place = 2 * 120 + 2 * 1 + 1
    let outputs = [
      rows(count, 4, [place: [0.5, -0.25, Float(5 * log(0.25)), Float(5 * log(0.125))]]),
      rows(count, 2, [place: [0.1, 0.9]]), rows(count, 10, [place: [0.5, 1]]),
    ]
    let found = try decode(outputs)
    let (cx, cy) = (Float(48 + 0.05 * 512), Float(16 - 0.025 * 512))
    let numbers: [Float] = [cx - 64, cy - 32, cx + 64, cy + 32, 0.9, 48 + 25.6, 16 + 51.2]
    for (value, expected) in zip(found[0], numbers) {
      #expect(abs(value - expected) < 1e-3)
    }
    let finer = try decode(outputs, ["sides": .array([.array([1, 2]), .array([3, 4]), .array([5, 256])])])
    #expect(abs(finer[0][2] - finer[0][0] - 64) < 1e-3)
  }

  @Test func `UltraFace: corners as shares, decoded by the network or by anchors`() throws {
    let count = 3 * 96 + 2 * 24 + 2 * 6 + 3 * 2
    let outputs = [rows(count, 2, [7: [0.2, 0.8]]), rows(count, 4, [7: [0.25, 0.5, 0.5, 0.75]])]
    #expect(try decode(outputs) == [[24, 32, 48, 48, 0.8]])
    let byAnchors = try decode(
      [rows(count, 2, [7: [0.2, 0.8]]), rows(count, 4)], ["boxes": "prior"])
    // Cell 2 of stride 8, second anchor, 16 wide: centre (20, 4).
    #expect(byAnchors == [[12, -4, 28, 12, 0.8]])
  }

  @Test func `outputs that fit nothing are refused by their shapes`() {
    #expect(
      message { _ = try decode([rows(4, 3)]) }
        == "no detector is known whose outputs are [1, 4, 3]; name its \"kind\" or check the model")
    #expect(
      message { _ = try decode([rows(10, 1), rows(10, 4)], ["kind": "yunet"]) }
        == "as yunet, the outputs [1, 10, 1], [1, 10, 4] lack two scores per box")
    #expect(
      message { _ = try decode([rows(10, 1), rows(10, 4)], ["kind": "scrfd"]) }
        == "an output has 10 rows where the anchors are [2, 2, 2] per cell at strides 8, 16, 32 of an input of 96 × 64 "
        + "pixels")
    #expect(
      message { _ = try decode([rows(10, 1), rows(9, 4)], ["kind": "scrfd"]) }
        == "as scrfd, the outputs [1, 10, 1], [1, 9, 4] lack a box for each score")
    #expect(
      message {
        _ = try infer(DetectorDecode.op, ["outputs": "list<tensor<f32>>", "x": "tensor<f32>[1,3,64,64]"], ["sides": 3])
      }
        == "param \"sides\" takes a list of lists of numbers above 0, one list per stride")
  }
}
