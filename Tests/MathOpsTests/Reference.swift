import Language
import Tensors
import TestSupport

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
