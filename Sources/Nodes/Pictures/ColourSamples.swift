import Images
import Tensors

/// A picture's red, green and blue as Doubles, 0...1, three per pixel.
struct ColourSamples {
  let height: Int
  let width: Int
  let format: PixelFormat
  var values: [Double]

  /// Alpha is dropped, grey repeated; 8 bits stay 8.
  init(_ image: Image) {
    format = image.format.bits == 8 ? .rgb8 : .rgb16
    let colour = image.converted(to: format)
    (height, width) = (image.height, image.width)
    values =
      format.bits == 8
      ? colour.pixels.withElements(UInt8.self) { $0.map { Double($0) / 255 } }
      : colour.pixels.withElements(UInt16.self) { $0.map { Double($0) / 65535 } }
  }

  /// Cut to 0...1 and rounded to the nearest sample.
  var image: Image {
    let shape = [height, width, 3]
    if format.bits == 8 {
      return Image(
        format: format, pixels: Tensor(shape: shape, values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }))
    }
    return Image(
      format: format, pixels: Tensor(shape: shape, values.map { UInt16((min(max($0, 0), 1) * 65535).rounded()) }))
  }

  var pixelCount: Int { height * width }

  /// Brightness by ITU-R BT.601 of one pixel.
  func luminance(_ pixel: Int) -> Double {
    0.299 * values[3 * pixel] + 0.587 * values[3 * pixel + 1] + 0.114 * values[3 * pixel + 2]
  }

  var mean: [Double] {
    var sums = [0.0, 0, 0]
    for pixel in 0..<pixelCount { for c in 0..<3 { sums[c] += values[3 * pixel + c] } }
    return sums.map { $0 / Double(max(1, pixelCount)) }
  }

  /// Covariance of the channels, divided by the number of pixels.
  func covariance(_ mean: [Double]) -> Matrix3 {
    var result = Matrix3()
    for pixel in 0..<pixelCount {
      let d = (0..<3).map { values[3 * pixel + $0] - mean[$0] }
      for row in 0..<3 { for column in 0...row { result[row, column] += d[row] * d[column] } }
    }
    for row in 0..<3 {
      for column in 0...row {
        result[row, column] /= Double(max(1, pixelCount))
        result[column, row] = result[row, column]
      }
    }
    return result
  }
}

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
