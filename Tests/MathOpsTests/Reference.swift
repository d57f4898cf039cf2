import Language
import Tensors
import TestSupport
import Testing

@testable import MathOps

/// Every op that gradients here emit.
var harness: OpHarness {
  OpHarness([
    Add.op, Subtract.op, Multiply.op, Divide.op, Power.op, Negate.op, Scale.op, Where.op, Compare.greater, Compare.less,
    Compare.equal, Exponential.exp, Exponential.log, Powers.square, Powers.sqrt, Powers.reciprocal, Rounding.sign,
    Trigonometric.sin, Trigonometric.cos, Clip.op, Clip.inside, ReduceTo.op, Sum.op, Expand.op, Slice.op, Unslice.op,
    Unpad.op, Select.op,
    Gather.gradient, Reshape.op,
  ])
}

/// Random elements, or those of a formula over the flat index.
func random(_ shape: [Int], in range: ClosedRange<Float> = -1...1, seed: UInt64 = 1) -> Tensor {
  var generator = TestRandom(seed: seed)
  return Tensor(shape: shape, generator.floats(shape.reduce(1, *), in: range))
}

/// The naive result of an element-wise function of two broadcast tensors, in Double.
func broadcast(_ a: Tensor, _ b: Tensor, _ function: (Double, Double) -> Double) -> [Double] {
  let rank = max(a.rank, b.rank)
  let left = Array(repeating: 1, count: rank - a.rank) + a.shape
  let right = Array(repeating: 1, count: rank - b.rank) + b.shape
  let shape = zip(left, right).map { $0 == 1 ? $1 : $0 }
  let (x, y) = (a.elements(Float.self), b.elements(Float.self))
  return (0..<shape.reduce(1, *)).map { flat in
    var (rest, i, j, iStride, jStride) = (flat, 0, 0, 1, 1)
    for axis in (0..<rank).reversed() {
      let index = rest % shape[axis]
      rest /= shape[axis]
      if left[axis] > 1 { i += index * iStride }
      if right[axis] > 1 { j += index * jStride }
      iStride *= left[axis]
      jStride *= right[axis]
    }
    return function(Double(x[i]), Double(y[j]))
  }
}

/// The largest difference, relative where the reference is above 1.
func error(_ tensor: Tensor, _ reference: [Double]) -> Double {
  let elements = tensor.elements(Float.self)
  guard elements.count == reference.count else { return .infinity }
  return zip(elements, reference).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? 0
}

/// The naive result of moving elements: for each index of the result, the index of `x` it is read from, or nil for
/// `fill`.
func moved(_ x: Tensor, to shape: [Int], fill: Float = 0, _ source: ([Int]) -> [Int]?) -> [Float] {
  let elements = x.elements(Float.self)
  return (0..<shape.reduce(1, *)).map { flat in
    var rest = flat
    var index = shape.map { _ in 0 }
    for axis in shape.indices.reversed() {
      index[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    guard let place = source(index) else { return fill }
    return elements[zip(place, x.shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }
}

func list(_ values: Int...) -> Literal { .array(values.map { .int($0) }) }

/// An element-wise op of one operand, the function it is in Double, and where that is tried.
struct UnaryCase: Sendable, CustomTestStringConvertible {
  let op: Op
  let range: ClosedRange<Float>
  let function: @Sendable (Double) -> Double
  var testDescription: String { op.name }

  init(_ op: Op, _ range: ClosedRange<Float>, _ function: @escaping @Sendable (Double) -> Double) {
    (self.op, self.range, self.function) = (op, range, function)
  }

  /// Values against the function, the gradient against differences, and the type: shape, colour and layout stay, the
  /// value range goes.
  func check() throws {
    let x = random([3, 30_000], in: range)
    let y = try harness.evaluate(op, ["x": x])[0]
    #expect(error(y, x.elements(Float.self).map { function(Double($0)) }) < 1e-6)
    let (low, high) = (range.lowerBound, range.upperBound)
    let upper = (low + high) / 2...0.9 * high + 0.1 * low
    #expect(try harness.gradientError(op, ["x": random([7], in: upper)]) < 2e-3)
    #expect(
      try harness.infer(op, ["x": "tensor<f32>[3,H,W] rgb CHW 0..1"]) == ["tensor<f32>[3,H,W] rgb CHW"])
  }
}
