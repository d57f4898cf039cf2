import Kernels
import Language
import Tensors

/// Products of matrices of any element type: 16- and 32-bit floats in Float by the tuned kernel, doubles and integers by plain
/// loops (integers wrap around at 64 bits).
enum MatrixProduct {
  /// The type in which products of `dtype` are computed.
  static func working(_ dtype: DType) -> DType {
    switch dtype {
    case .f16, .bf16, .f32: .f32
    default: dtype.arithmetic.dtype
    }
  }

  /// `tensor` in the type in which products are computed.
  static func widened(_ tensor: Tensor) -> Tensor {
    working(tensor.dtype) == .f32 ? tensor.converted(to: .f32) : tensor.widened()
  }

  /// C (m × n) += A (m × k) B (k × n), all dense.
  @inline(__always)
  static func accumulate<T: Number>(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>
  ) {
    if T.self == Float.self {
      let scratch = UnsafeMutableRawPointer.allocate(byteCount: Gemm.scratchBytes, alignment: 64)
      defer { scratch.deallocate() }
      let gemm = Gemm(m: m, n: n, k: k)
      for chunk in 0..<gemm.chunkCount {
        gemm.run(
          chunk: chunk, a: UnsafeRawPointer(a).assumingMemoryBound(to: Float.self),
          b: UnsafeRawPointer(b).assumingMemoryBound(to: Float.self),
          c: UnsafeMutableRawPointer(c).assumingMemoryBound(to: Float.self), accumulate: true, scratch: scratch)
      }
      return
    }
    for row in 0..<m {
      let target = c + row * n
      for term in 0..<k {
        let factor = a[row * k + term]
        let source = b + term * n
        for column in 0..<n { target[column] = T.sum(target[column], T.product(factor, source[column])) }
      }
    }
  }

  /// NumPy's matmul: vectors are rows or columns, further axes are broadcast. Both tensors are in the working type, which the
  /// result has too.
  static func run(_ a: Tensor, _ b: Tensor, _ names: (String, String) = ("A", "B")) throws(Fault) -> Tensor {
    guard a.rank > 0 else { throw .rank(names.0, [], "at least one axis") }
    guard b.rank > 0 else { throw .rank(names.1, [], "at least one axis") }
    let left = a.rank == 1 ? a.reshaped([1, a.count]) : a
    let right = b.rank == 1 ? b.reshaped([b.count, 1]) : b
    let (m, k) = (left.shape[left.rank - 2], left.shape[left.rank - 1])
    let n = right.shape[right.rank - 1]
    guard right.shape[right.rank - 2] == k else {
      throw .disagree(names.0, a.shape, names.1, b.shape, "the inner extents differ")
    }
    let batch = try Broadcasting.shape(Array(left.shape.dropLast(2)), Array(right.shape.dropLast(2)))
    let shape = batch + [m, n]
    _ = try Extents.count(shape)
    let walk = StridedWalk(
      batch,
      [
        Broadcasting.strides(Array(left.shape.dropLast(2)), over: batch),
        Broadcasting.strides(Array(right.shape.dropLast(2)), over: batch),
      ])
    let product =
      switch a.dtype {
      case .f32: multiply(left, right, shape, walk, (m, n, k), Float.self)
      case .f64: multiply(left, right, shape, walk, (m, n, k), Double.self)
      case .i64: multiply(left, right, shape, walk, (m, n, k), Int64.self)
      default: multiply(left, right, shape, walk, (m, n, k), UInt64.self)
      }
    var result = shape
    if b.rank == 1 { result.removeLast() }
    if a.rank == 1 { result.remove(at: result.count - (b.rank == 1 ? 1 : 2)) }
    return product.reshaped(result)
  }

  private static func multiply<T: Number>(
    _ a: Tensor, _ b: Tensor, _ shape: [Int], _ walk: StridedWalk, _ size: (m: Int, n: Int, k: Int), _ type: T.Type
  ) -> Tensor {
    let result = Tensor.zeros(T.dtype, shape: shape)
    let output = result.buffer.bytes.assumingMemoryBound(to: T.self)
    a.withMemory(T.self) { a in
      b.withMemory(T.self) { b in
        let (stepA, stepB) = (walk.steps[0], walk.steps[1])
        walk.forEachRow { start, length, offsets in
          for index in 0..<length {
            accumulate(
              m: size.m, n: size.n, k: size.k, a + (offsets[0] + index * stepA) * size.m * size.k,
              b + (offsets[1] + index * stepB) * size.k * size.n, output + (start + index) * size.m * size.n)
          }
        }
      }
    }
    return result
  }
}
