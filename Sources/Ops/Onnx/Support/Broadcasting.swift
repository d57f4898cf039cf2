import Language
import Tensors

/// Shapes stretched over one another, as NumPy does (ONNX, "Broadcasting").
enum Broadcasting {
  static func shape(_ a: [Int], _ b: [Int]) throws(Fault) -> [Int] {
    let rank = max(a.count, b.count)
    var result = Array(repeating: 1, count: rank)
    for axis in 0..<rank {
      let first = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
      let second = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
      guard first == second || first == 1 || second == 1 else { throw .notBroadcastable(a, b) }
      result[axis] = first == 1 ? second : first
    }
    _ = try Extents.count(result)
    return result
  }

  static func shape(_ shapes: [[Int]]) throws(Fault) -> [Int] {
    var result = shapes[0]
    for shape in shapes.dropFirst() { result = try self.shape(result, shape) }
    return result
  }

  /// Strides that read a tensor of `shape` at every index of `result`; 0 where it is stretched.
  static func strides(_ shape: [Int], over result: [Int]) -> [Int] {
    var strides = Array(repeating: 0, count: result.count)
    var stride = 1
    for axis in shape.indices.reversed() {
      let place = axis + result.count - shape.count
      if shape[axis] != 1 { strides[place] = stride }
      stride *= shape[axis]
    }
    return strides
  }

  /// A function of two tensors, element by element. `A` is the memory of an element of both, `R` of the result.
  @inline(__always)
  static func zip<A: BitwiseCopyable, R: BitwiseCopyable>(
    _ a: Tensor, _ b: Tensor, _ type: A.Type, to target: DType, _ function: (A, A) -> R
  ) throws(Fault) -> Tensor {
    let shape = try shape(a.shape, b.shape)
    let buffer = Buffer(byteCount: shape.reduce(1, *) * target.size)
    let output = buffer.bytes.bindMemory(to: R.self, capacity: buffer.byteCount / MemoryLayout<R>.size)
    let walk = StridedWalk(shape, [strides(a.shape, over: shape), strides(b.shape, over: shape)])
    let (stepA, stepB) = (walk.steps[0], walk.steps[1])
    a.withMemory(A.self) { left in
      b.withMemory(A.self) { right in
        walk.forEachRow { start, length, offsets in
          let (from, other) = (left + offsets[0], right + offsets[1])
          switch (stepA, stepB) {
          case (1, 1): for index in 0..<length { output[start + index] = function(from[index], other[index]) }
          case (1, 0):
            let value = other[0]
            for index in 0..<length { output[start + index] = function(from[index], value) }
          default:
            for index in 0..<length { output[start + index] = function(from[index * stepA], other[index * stepB]) }
          }
        }
      }
    }
    return Tensor(dtype: target, shape: shape, buffer: buffer)
  }
}

/// Loops over a row-major shape with the strides of any number of operands; neighbouring axes that can be walked as one are
/// merged.
struct StridedWalk {
  /// Outermost first; the last one is the row.
  private var extents: [Int] = []
  /// Per axis, per operand.
  private var strides: [[Int]] = []
  private let count: Int
  private let operands: Int

  init(_ shape: [Int], _ perOperand: [[Int]]) {
    count = shape.reduce(1, *)
    operands = perOperand.count
    for axis in shape.indices where shape[axis] != 1 {
      let here = perOperand.map { $0[axis] }
      if let last = strides.last, Swift.zip(last, here).allSatisfy({ $0 == $1 * shape[axis] }) {
        extents[extents.count - 1] *= shape[axis]
        strides[strides.count - 1] = here
      } else {
        extents.append(shape[axis])
        strides.append(here)
      }
    }
    if extents.isEmpty {
      extents = [1]
      strides = [Array(repeating: 0, count: operands)]
    }
  }

  /// Elements from one to the next along a row, per operand.
  var steps: [Int] { strides[strides.count - 1] }

  /// Calls `body` for every row: where it starts in the result, how long it is, where each operand stands.
  @inline(__always)
  func forEachRow(_ body: (_ start: Int, _ length: Int, _ offsets: [Int]) -> Void) {
    guard count > 0 else { return }
    let length = extents[extents.count - 1]
    var offsets = Array(repeating: 0, count: operands)
    var indices = Array(repeating: 0, count: extents.count)
    var start = 0
    while true {
      body(start, length, offsets)
      start += length
      if start >= count { return }
      var axis = extents.count - 2
      while axis >= 0 {
        indices[axis] += 1
        for operand in 0..<operands { offsets[operand] += strides[axis][operand] }
        if indices[axis] < extents[axis] { break }
        for operand in 0..<operands { offsets[operand] -= strides[axis][operand] * extents[axis] }
        indices[axis] = 0
        axis -= 1
      }
    }
  }
}
