import Language
import TestSupport
import Tensors
import Testing

@testable import ImageOps

@Suite struct AffineWarpTests {
  let harness = OpHarness([AffineWarp.tensor, AffineWarp.gradient])

  private func matrix(_ values: Double...) -> Literal { .array(values.map { .float($0) }) }

  /// The textbook form in Double: the inverse map, then four neighbours.
  private func naive(_ x: [Double], _ h: Int, _ w: Int, _ height: Int, _ width: Int, _ m: [Double], _ border: Double)
    -> [Double]
  {
    let determinant = m[0] * m[4] - m[1] * m[3]
    return (0..<height * width).map { flat in
      let (p, q) = (Double(flat % width) - m[2], Double(flat / width) - m[5])
      let u = (m[4] * p - m[1] * q) / determinant
      let v = (m[0] * q - m[3] * p) / determinant
      var sum = 0.0
      for row in Int(v.rounded(.down))...Int(v.rounded(.down)) + 1 {
        for column in Int(u.rounded(.down))...Int(u.rounded(.down)) + 1 {
          let isInside = (0..<h).contains(row) && (0..<w).contains(column)
          let weight = (1 - abs(u - Double(column))) * (1 - abs(v - Double(row)))
          sum += weight * (isInside ? x[row * w + column] : border)
        }
      }
      return sum
    }
  }

  static let turn = [0.8, -0.45, 3.5, 0.5, 0.9, -1.25]

  @Test func tensorsMatchTheTextbook() throws {
    let x = random([2, 9, 7])
    let values = x.elements(Float.self).map(Double.init)
    let expected = [values[..<63], values[63...]].flatMap { naive(Array($0), 9, 7, 11, 12, Self.turn, 0.5) }
    let size: [String: Literal] = ["width": 12, "height": 11, "border": 0.5]
    let list = Literal.array(Self.turn.map { .float($0) })
    let y = try harness.evaluate(AffineWarp.tensor, ["x": x], size.merging(["matrix": list]) { $1 })[0]
    #expect(error(y, expected) < 1e-5)
    let port = Tensor(shape: [2, 3], Self.turn.map { Float($0) })
    let z = try harness.evaluate(AffineWarp.tensor, ["x": x, "matrix": port], size)[0]
    #expect(error(z, expected) < 1e-5)
  }

  @Test func picturesMatchTheTextbook() throws {
    let x = pixels([9, 7, 1])
    let expected = naive(x.elements(UInt8.self).map(Double.init), 9, 7, 11, 12, Self.turn, 0)
    let y = try imageResult(
      AffineWarp.op, [x], ["matrix": .array(Self.turn.map { .float($0) }), "width": 12, "height": 11])
    #expect(zip(y.elements(UInt8.self), expected).allSatisfy { abs(Double($0) - $1) < 0.502 })
  }

  @Test func theInverseLeadsBack() throws {
    let x = pixels([6, 8, 3])
    let y = try imageResult(
      AffineWarp.op, [x], ["matrix": matrix(0, 1, 0, 1, 0, 0), "inverse": true, "width": 6, "height": 8])
    #expect(y == moved(x, 8, 6) { ($1, $0) })
  }

  @Test func gradientMatchesDifferences() throws {
    let attributes: [String: Literal] = [
      "matrix": .array(Self.turn.map { .float($0) }), "width": 5, "height": 6,
    ]
    #expect(try harness.gradientError(AffineWarp.tensor, ["x": random([2, 5, 4])], attributes) < 2e-3)
  }

  @Test func types() throws {
    let size: [String: Literal] = ["width": 112, "height": 96]
    #expect(
      try harness.infer(AffineWarp.op, ["image": "image<rgb8>[H,W]", "matrix": "tensor<f32>[2,3]"], size)
        == ["image<rgb8>[96,112]"])
    #expect(
      harness.refusal(AffineWarp.op, ["image": "image<rgb8>[H,W]"], size)
        == "the matrix is needed once, as a param or on its port")
    #expect(
      harness.refusal(
        AffineWarp.op, ["image": "image<rgb8>[H,W]"], size.merging(["matrix": matrix(1, 2, 0, 2, 4, 0)]) { $1 })
        == "param \"matrix\" flattens the picture: it has no inverse")
    #expect(
      harness.refusal(AffineWarp.op, ["image": "image<rgb16>[H,W]", "matrix": "tensor<f32>[2,3]"], size)
        == "image is rgb16; warping takes 8 bits per channel")
  }
}
