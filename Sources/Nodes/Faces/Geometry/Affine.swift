import Images
import Language
import Tensors

/// (x, y) ↦ (a x + b y + c, d x + e y + f).
struct Affine: Sendable, Hashable {
  var a, b, c, d, e, f: Double

  init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  /// [2, 3], row by row.
  init(_ tensor: Tensor, _ port: String) throws(Fault) {
    guard tensor.shape == [2, 3] else { throw .wrongValue(port, "tensor [2, 3]", .tensor(tensor)) }
    let numbers = tensor.numbers
    self.init(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
  }

  var tensor: Tensor { Tensor(shape: [2, 3], [a, b, c, d, e, f].map { Float($0) }) }

  func callAsFunction(_ point: Point) -> Point {
    Point(a * point.x + b * point.y + c, d * point.x + e * point.y + f)
  }

  /// nil where the map flattens the plane.
  var inverse: Affine? {
    let determinant = a * e - b * d
    guard determinant.isFinite, abs(determinant) > 1e-18 else { return nil }
    let (p, q, r, s) = (e / determinant, -b / determinant, -d / determinant, a / determinant)
    return Affine(p, q, -(p * c + q * f), r, s, -(r * c + s * f))
  }

  /// Lengths grow by this factor: the root of the areas' factor.
  var scale: Double { abs(a * e - b * d).squareRoot() }

  /// The turn, uniform scale and shift that bring `from` nearest to `to` by least squares: S. Umeyama, "Least-squares
  /// estimation of transformation parameters between two point patterns", IEEE PAMI 13 (1991), eqs. 40-42. In the plane
  /// the best proper rotation needs no SVD: with points as complex numbers about their means, it is
  /// sum(conj(p) q) / sum |p|². `mean` replaces the mean of `to` (OpenCV's FaceRecognizerSF writes it as numbers).
  static func similarity(from: [Point], to: [Point], mean given: Point? = nil) -> Affine? {
    guard from.count == to.count, from.count >= 2 else { return nil }
    func mean(_ points: [Point]) -> Point {
      let count = Double(points.count)
      return Point(points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count)
    }
    let (p, q) = (mean(from), given ?? mean(to))
    var (real, imaginary, spread) = (0.0, 0.0, 0.0)
    for (source, target) in zip(from, to) {
      let (x, y) = (source.x - p.x, source.y - p.y)
      let (u, v) = (target.x - q.x, target.y - q.y)
      real += x * u + y * v
      imaginary += x * v - y * u
      spread += x * x + y * y
    }
    guard spread > 1e-12, real.isFinite, imaginary.isFinite else { return nil }
    let (a, d) = (real / spread, imaginary / spread)
    guard a != 0 || d != 0 else { return nil }
    return Affine(a, -d, q.x - a * p.x + d * p.y, d, a, q.y - d * p.x - a * p.y)
  }

  /// The map that takes three points to three others; nil where the first lie on a line.
  static func through(from: [Point], to: [Point]) -> Affine? {
    let (x1, y1) = (from[1].x - from[0].x, from[1].y - from[0].y)
    let (x2, y2) = (from[2].x - from[0].x, from[2].y - from[0].y)
    let determinant = x1 * y2 - x2 * y1
    guard determinant.isFinite, abs(determinant) > 1e-12 else { return nil }
    func row(_ values: [Double]) -> (Double, Double, Double) {
      let (p, q) = (values[1] - values[0], values[2] - values[0])
      let (a, b) = ((p * y2 - q * y1) / determinant, (q * x1 - p * x2) / determinant)
      return (a, b, values[0] - a * from[0].x - b * from[0].y)
    }
    let (x, y) = (row(to.map(\.x)), row(to.map(\.y)))
    return Affine(x.0, x.1, x.2, y.0, y.1, y.2)
  }
}
