import Testing

@testable import Nodes

@Suite struct Matrix3Tests {
  /// A positive definite matrix.
  private let covariance: Matrix3 = {
    var m = Matrix3()
    let numbers = [4.0, 1.5, -0.5, 1.5, 3, 0.25, -0.5, 0.25, 2]
    for i in 0..<9 { m[i / 3, i % 3] = numbers[i] }
    return m
  }()

  private func expectEqual(_ a: Matrix3, _ b: Matrix3, within tolerance: Double = 1e-12) {
    for i in 0..<3 { for j in 0..<3 { #expect(abs(a[i, j] - b[i, j]) <= tolerance, "row \(i), column \(j)") } }
  }

  @Test func theCholeskyFactorMultipliesBack() {
    let l = covariance.cholesky
    #expect(l[0, 1] == 0 && l[0, 2] == 0 && l[1, 2] == 0)
    expectEqual(l * l.transposed, covariance)
    expectEqual(l * l.lowerInverse, .identity)
  }

  @Test func functionsActOnEigenvalues() {
    let root = covariance.applying { $0.squareRoot() }
    expectEqual(root * root, covariance)
    expectEqual(covariance.applying { 1 / $0 } * covariance, .identity)
    expectEqual(root, root.transposed)
  }
}
