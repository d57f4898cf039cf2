/// Three by three numbers.
struct Matrix3 {
  private var m = [Double](repeating: 0, count: 9)

  static let identity: Matrix3 = {
    var result = Matrix3()
    for i in 0..<3 { result[i, i] = 1 }
    return result
  }()

  subscript(row: Int, column: Int) -> Double {
    get { m[3 * row + column] }
    set { m[3 * row + column] = newValue }
  }

  static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
    var result = Matrix3()
    for i in 0..<3 { for j in 0..<3 { for k in 0..<3 { result[i, j] += a[i, k] * b[k, j] } } }
    return result
  }

  /// The lower triangle L of a positive definite matrix, L Lᵀ = self.
  var cholesky: Matrix3 {
    var l = Matrix3()
    for i in 0..<3 {
      for j in 0...i {
        var sum = self[i, j]
        for k in 0..<j { sum -= l[i, k] * l[j, k] }
        l[i, j] = i == j ? max(sum, 0).squareRoot() : sum / l[j, j]
      }
    }
    return l
  }

  /// Inverse of a lower triangle without zeros on its diagonal.
  var lowerInverse: Matrix3 {
    var inverse = Matrix3()
    for column in 0..<3 {
      for row in column..<3 {
        var sum = row == column ? 1.0 : 0
        for k in column..<row { sum -= self[row, k] * inverse[k, column] }
        inverse[row, column] = sum / self[row, row]
      }
    }
    return inverse
  }

  /// f of a symmetric matrix, through its eigenvalues (Jacobi's method; Golub and Van Loan, Matrix Computations, 8.5).
  func applying(_ f: (Double) -> Double) -> Matrix3 {
    var (a, v) = (self, Matrix3.identity)
    for _ in 0..<50 {
      var (p, q) = (0, 1)
      for (i, j) in [(0, 2), (1, 2)] where abs(a[i, j]) > abs(a[p, q]) { (p, q) = (i, j) }
      if abs(a[p, q]) <= 1e-18 { break }
      let tau = (a[q, q] - a[p, p]) / (2 * a[p, q])
      let t = (tau < 0 ? -1 : 1) / (abs(tau) + (1 + tau * tau).squareRoot())
      let c = 1 / (1 + t * t).squareRoot()
      var turn = Matrix3.identity
      (turn[p, p], turn[q, q], turn[p, q], turn[q, p]) = (c, c, t * c, -t * c)
      a = turn.transposed * a * turn
      v = v * turn
    }
    var diagonal = Matrix3()
    for i in 0..<3 { diagonal[i, i] = f(a[i, i]) }
    return v * diagonal * v.transposed
  }

  var transposed: Matrix3 {
    var result = Matrix3()
    for i in 0..<3 { for j in 0..<3 { result[i, j] = self[j, i] } }
    return result
  }
}
