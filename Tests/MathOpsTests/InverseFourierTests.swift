import Foundation
import Language
import TestSupport
import Tensors
import Testing

@testable import MathOps

@Suite struct InverseFourierTests {
  let ops = OpHarness([InverseFourier.op, InverseFourier.gradient])

  /// The whole spectrum by its symmetry, then the sum over all frequencies.
  private func naive(_ x: [Float], _ height: Int, _ width: Int, decay: Bool) -> [Double] {
    let half = width / 2 + 1
    return (0..<height * width).map { index in
      let (row, column) = (index / width, index % width)
      var sum = 0.0
      for v in 0..<height {
        for u in 0..<width {
          let (p, q, sign) = u < half ? (v, u, 1.0) : ((height - v) % height, width - u, -1.0)
          let (a, b) = (Double(x[(p * half + q) * 2]), sign * Double(x[(p * half + q) * 2 + 1]))
          let angle = 2 * Double.pi * (Double(v * row) / Double(height) + Double(u * column) / Double(width))
          var factor = 1 / Double(height * width)
          if decay {
            let (y, z) = (Double(min(p, height - p)) / Double(height), Double(q) / Double(width))
            let frequency = max((y * y + z * z).squareRoot(), 1 / Double(max(height, width)))
            factor *= Double(height * width).squareRoot() / frequency
          }
          sum += factor * (a * cos(angle) - b * sin(angle))
        }
      }
      return sum
    }
  }

  @Test(arguments: [[4, 6], [5, 7], [1, 2], [8, 3]], [false, true])
  func `values equal the sum over all frequencies`(_ size: [Int], _ decay: Bool) throws {
    var x = random([2, size[0], size[1] / 2 + 1, 2]).elements(Float.self)
    // A real picture's own twins: what a free spectrum holds there is read as its real part.
    let half = size[1] / 2 + 1
    for plane in 0..<2 {
      for v in 0..<size[0] {
        for u in 0..<half where u == 0 || 2 * u == size[1] {
          let twin = (size[0] - v) % size[0]
          let (at, other) = (((plane * size[0] + v) * half + u) * 2, ((plane * size[0] + twin) * half + u) * 2)
          if twin == v { x[at + 1] = 0 } else if twin > v { (x[other], x[other + 1]) = (x[at], -x[at + 1]) }
        }
      }
    }
    let tensor = Tensor(shape: [2, size[0], half, 2], x)
    let y = try ops.evaluate(InverseFourier.op, ["x": tensor], ["width": .int(size[1]), "decay": .bool(decay)])[0]
    let count = size[0] * half * 2
    let expected = (0..<2).flatMap { naive(Array(x[$0 * count..<($0 + 1) * count]), size[0], size[1], decay: decay) }
    #expect(y.shape == [2, size[0], size[1]])
    #expect(largestError(y.elements(Float.self), expected) < 1e-5)
  }

  @Test(arguments: [4, 5]) func `gradients agree with differences`(_ width: Int) throws {
    #expect(
      try ops.gradientError(
        InverseFourier.op, ["x": random([2, 3, width / 2 + 1, 2])], ["width": .int(width), "decay": true]) < 2e-3)
  }

  @Test func shapes() throws {
    #expect(
      try ops.infer(InverseFourier.op, ["x": "tensor<f32>[1,3,H,5,2]"], ["width": 8]) == ["tensor<f32>[1,3,H,8]"])
    #expect(
      ops.refusal(InverseFourier.op, ["x": "tensor<f32>[3,4,5,2]"], ["width": 6])
        == "dimension 2 of x is 5; a picture 6 wide has 4")
  }
}
