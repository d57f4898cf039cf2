/// Eigenvalues and eigenvectors of a symmetric matrix, in Double: Householder tridiagonalisation, then implicit QL with
/// Wilkinson shifts (Golub and Van Loan, Matrix Computations, 8.3).
public struct SymmetricEigen: Sendable {
  public let count: Int
  /// Ascending.
  public private(set) var values: [Double]
  /// Row i of the storage is component i; column j belongs to `values[j]`.
  public private(set) var vectors: [Double]

  /// `matrix` is row-major, count × count; only its symmetric part is used. nil when the iteration does not settle,
  /// which happens only for entries that are not finite.
  public init?(_ matrix: [Double], count n: Int) {
    precondition(matrix.count == n * n, "\(matrix.count) numbers for a matrix of \(n)")
    count = n
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    var a = [Double](repeating: 0, count: n * n)
    for i in 0..<n { for j in 0..<n { a[i * n + j] = 0.5 * (matrix[i * n + j] + matrix[j * n + i]) } }
    var diagonal = [Double](repeating: 0, count: n)
    var beside = [Double](repeating: 0, count: n)
    // Rows of q are the basis that makes the matrix tridiagonal: rows are contiguous, so both stages run along memory.
    var q = [Double](repeating: 0, count: n * n)
    for i in 0..<n { q[i * n + i] = 1 }
    a.withUnsafeMutableBufferPointer { a in
      q.withUnsafeMutableBufferPointer { q in
        SymmetricEigen.tridiagonalise(a.baseAddress!, q.baseAddress!, n, &diagonal, &beside)
      }
    }
    let settled = q.withUnsafeMutableBufferPointer {
      SymmetricEigen.iterate($0.baseAddress!, n, &diagonal, &beside)
    }
    guard settled else { return nil }
    let order = (0..<n).sorted { diagonal[$0] < diagonal[$1] }
    values = order.map { diagonal[$0] }
    vectors = [Double](repeating: 0, count: n * n)
    for (column, source) in order.enumerated() { for i in 0..<n { vectors[i * n + column] = q[source * n + i] } }
  }

  /// Reflections from the left and right, one column at a time; each is applied to q as well.
  private static func tridiagonalise(
    _ a: UnsafeMutablePointer<Double>, _ q: UnsafeMutablePointer<Double>, _ n: Int, _ diagonal: inout [Double],
    _ beside: inout [Double]
  ) {
    var v = [Double](repeating: 0, count: n)
    var p = [Double](repeating: 0, count: n)
    for k in 0..<max(0, n - 2) {
      var norm = 0.0
      for i in k + 1..<n {
        v[i] = a[k * n + i]
        norm += v[i] * v[i]
      }
      norm = norm.squareRoot()
      guard norm > 0 else { continue }
      if v[k + 1] > 0 { norm = -norm }
      v[k + 1] -= norm
      var length = 0.0
      for i in k + 1..<n { length += v[i] * v[i] }
      guard length > 0 else { continue }
      // A ← H A H with H = 1 - 2vvᵀ/(vᵀv): w = 2/(vᵀv)·(A v - (vᵀAv/vᵀv) v), A ← A - vwᵀ - wvᵀ.
      var inner = 0.0
      for i in k + 1..<n {
        var sum = 0.0
        for j in k + 1..<n { sum += a[i * n + j] * v[j] }
        p[i] = 2 * sum / length
        inner += p[i] * v[i]
      }
      for i in k + 1..<n { p[i] -= inner / length * v[i] }
      for i in k + 1..<n {
        let (vi, pi) = (v[i], p[i])
        for j in k + 1..<n { a[i * n + j] -= vi * p[j] + pi * v[j] }
      }
      (a[k * n + k + 1], a[(k + 1) * n + k]) = (norm, norm)
      // Rows of q: q ← H q, with p as working memory.
      for j in 0..<n { p[j] = 0 }
      for i in k + 1..<n where v[i] != 0 { for j in 0..<n { p[j] += v[i] * q[i * n + j] } }
      for i in k + 1..<n where v[i] != 0 {
        let factor = 2 * v[i] / length
        for j in 0..<n { q[i * n + j] -= factor * p[j] }
      }
    }
    for i in 0..<n {
      diagonal[i] = a[i * n + i]
      beside[i] = i + 1 < n ? a[i * n + i + 1] : 0
    }
  }

  /// QL rotations until everything beside the diagonal is negligible; the rotations are applied to the rows of q.
  private static func iterate(
    _ q: UnsafeMutablePointer<Double>, _ n: Int, _ d: inout [Double], _ e: inout [Double]
  ) -> Bool {
    for start in 0..<n {
      var round = 0
      while true {
        var end = start
        while end < n - 1, abs(e[end]) > Double.ulpOfOne * (abs(d[end]) + abs(d[end + 1])) { end += 1 }
        if end == start { break }
        round += 1
        if round > 64 { return false }
        let slope = (d[start + 1] - d[start]) / (2 * e[start])
        let radius = (slope * slope + 1).squareRoot()
        var g = d[end] - d[start] + e[start] / (slope + (slope >= 0 ? radius : -radius))
        var (s, c, shift) = (1.0, 1.0, 0.0)
        var isCut = false
        for i in stride(from: end - 1, through: start, by: -1) {
          let (f, b) = (s * e[i], c * e[i])
          let r = (f * f + g * g).squareRoot()
          e[i + 1] = r
          if r == 0 {
            d[i + 1] -= shift
            e[end] = 0
            isCut = true
            break
          }
          (s, c) = (f / r, g / r)
          g = d[i + 1] - shift
          let t = (d[i] - g) * s + 2 * c * b
          shift = s * t
          d[i + 1] = g + shift
          g = c * t - b
          let (upper, lower) = (q + i * n, q + (i + 1) * n)
          for k in 0..<n {
            let (x, y) = (upper[k], lower[k])
            lower[k] = s * x + c * y
            upper[k] = c * x - s * y
          }
        }
        if isCut { continue }
        d[start] -= shift
        e[start] = g
        e[end] = 0
      }
    }
    return true
  }
}
