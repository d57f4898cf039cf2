import CKernels

/// A row-major matrix product C (m x n) = alpha A B, or C += alpha A B; A is m x k and B is k x n after transposition.
///
/// Each element is summed in ascending order over blocks of 256 terms, whatever m and n are: computing a part of the
/// rows or columns, or one row at a time, gives the same bits as computing all at once.
public struct Gemm: Sendable, Hashable {
  public let m: Int
  public let n: Int
  public let k: Int
  /// A is stored as k x m.
  public let transposeA: Bool
  /// B is stored as n x k.
  public let transposeB: Bool
  /// Elements from one stored row to the next.
  public let strideA: Int
  public let strideB: Int
  public let strideC: Int

  /// Strides default to dense storage.
  public init(
    m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false, strideA: Int? = nil,
    strideB: Int? = nil, strideC: Int? = nil
  ) {
    self.m = m
    self.n = n
    self.k = k
    self.transposeA = transposeA
    self.transposeB = transposeB
    self.strideA = strideA ?? (transposeA ? m : k)
    self.strideB = strideB ?? (transposeB ? k : n)
    self.strideC = strideC ?? n
  }

  /// Bytes of scratch for one call.
  public static let scratchBytes = Int(weft_gemm_scratch)

  /// A split into tiles that depends on the sizes only.
  public var chunkCount: Int { rowChunks * columnChunks }
  private var columnChunks: Int { max(1, (n + 511) / 512) }
  private var rowChunks: Int { columnChunks >= 4 ? 1 : max(1, min((m + 131) / 132, 4)) }

  public func rows(chunk: Int) -> Range<Int> {
    let size = (m + rowChunks - 1) / rowChunks
    let begin = min(m, chunk % rowChunks * size)
    return begin..<min(m, begin + size)
  }

  public func columns(chunk: Int) -> Range<Int> {
    let begin = min(n, chunk / rowChunks * 512)
    return begin..<min(n, begin + 512)
  }

  /// One chunk of the product.
  public func run(
    chunk: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, alpha: Float = 1,
    accumulate: Bool = false, scratch: UnsafeMutableRawPointer
  ) {
    run(
      rows: rows(chunk: chunk), columns: columns(chunk: chunk), a: a, b: b, c: c, alpha: alpha,
      accumulate: accumulate, scratch: scratch)
  }

  /// Any rectangle of the product. `a`, `b` and `c` point at the whole matrices.
  public func run(
    rows: Range<Int>, columns: Range<Int>, a: UnsafePointer<Float>, b: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, alpha: Float = 1, accumulate: Bool = false, scratch: UnsafeMutableRawPointer
  ) {
    guard !rows.isEmpty, !columns.isEmpty else { return }
    let left = transposeA ? (row: 1, column: strideA) : (row: strideA, column: 1)
    let right = transposeB ? (row: 1, column: strideB) : (row: strideB, column: 1)
    weft_kernels().pointee.gemm(
      rows.count, columns.count, k,
      weft_matrix(base: a + rows.lowerBound * left.row, row: left.row, column: left.column),
      weft_matrix(base: b + columns.lowerBound * right.column, row: right.row, column: right.column),
      c + rows.lowerBound * strideC + columns.lowerBound, strideC, alpha, accumulate ? 1 : 0, scratch)
  }
}
