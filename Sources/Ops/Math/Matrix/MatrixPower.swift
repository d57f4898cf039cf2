import Glibc
import Kernels
import Language
import Tensors

/// V · diag(λᵖ) · Vᵀ of a symmetric matrix V · diag(λ) · Vᵀ.
public enum MatrixPower {
  public static let op: Op = Op(
    "math.matrix_power",
    doc: """
      A power of a symmetric matrix [C, C] through its eigenvalues, in Double: 0.5 is the square root, -0.5 whitens. \
      Eigenvalues at or below threshold are dropped (their directions become 0), as WCT does (Li et al. 2017). The \
      symmetric part of the matrix is used.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[C, C]")], outputs: [Port("y", "tensor<f32>", .one, "[C, C]")],
    params: [
      Param("exponent", .number(-4...4), default: .float(0.5), "the power"),
      Param("threshold", .number(.natural), default: .float(0), "eigenvalues at or below it are dropped"),
    ],
    infer: { facts throws(Fault) in [.f32(try square(facts, "x"))] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in try e.emit(gradient, [[a.operands[0]], [a.cotangent]], a.attributes) },
        select: { site throws(Fault) in
          let n = site.result.shape[0]
          let power = Power(site.attributes)
          return [
            Choice("eigen", operations: 12 * Double(n * n * n)) { call in
              let x = (0..<n * n).map { Double(call.input(0)[$0]) }
              guard let eigen = SymmetricEigen(x, count: n) else {
                call.output().update(repeating: .nan, count: n * n)
                return
              }
              let scaled = eigen.values.map(power.value)
              for i in 0..<n {
                for j in 0...i {
                  var sum = 0.0
                  for k in 0..<n { sum += eigen.vectors[i * n + k] * scaled[k] * eigen.vectors[j * n + k] }
                  (call.output()[i * n + j], call.output()[j * n + i]) = (Float(sum), Float(sum))
                }
              }
            }
          ]
        })))

  /// Daleckii and Krein: dX = V (K ∘ Vᵀ sym(dY) V) Vᵀ with K the divided differences of λᵖ.
  static let gradient: Op = Op(
    "math.matrix_power_gradient", doc: "Gradient of math.matrix_power.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: op.params, isInternal: true, infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let n = site.result.shape[0]
        let power = Power(site.attributes)
        return [
          Choice("eigen", operations: 20 * Double(n * n * n)) { call in
            let x = (0..<n * n).map { Double(call.input(0)[$0]) }
            guard let eigen = SymmetricEigen(x, count: n) else {
              call.output().update(repeating: .nan, count: n * n)
              return
            }
            let dy = call.input(1)
            let v = eigen.vectors
            let symmetric = (0..<n * n).map { 0.5 * (Double(dy[$0]) + Double(dy[$0 % n * n + $0 / n])) }
            var inner = product(transposed(v, n), product(symmetric, v, n), n)
            for i in 0..<n {
              for j in 0..<n { inner[i * n + j] *= power.difference(eigen.values[i], eigen.values[j]) }
            }
            let dx = product(v, product(inner, transposed(v, n), n), n)
            for index in 0..<n * n { call.output()[index] = Float(dx[index]) }
          }
        ]
      })))

  static func square(_ facts: Facts, _ port: String) throws(Fault) -> [Dim]? {
    guard let shape = facts.tensor(port).shape else { return nil }
    guard shape.count == 2 else { throw .shape("\(port) has \(shape.count) dimensions; a matrix has 2") }
    guard shape[0].compare(shape[1]) != .different else {
      throw .shape("\(port) is [\(shape[0]),\(shape[1])]; a square matrix is needed")
    }
    return shape
  }

  private struct Power: Sendable {
    let exponent: Double
    let threshold: Double

    init(_ attributes: Attributes) {
      exponent = attributes.number("exponent")
      threshold = attributes.number("threshold")
    }

    func value(_ eigenvalue: Double) -> Double {
      eigenvalue > threshold ? Glibc.pow(eigenvalue, exponent) : 0
    }

    func difference(_ a: Double, _ b: Double) -> Double {
      if a <= threshold && b <= threshold { return 0 }
      if abs(a - b) > 1e-9 * max(abs(a), abs(b)) { return (value(a) - value(b)) / (a - b) }
      return exponent * Glibc.pow(0.5 * (a + b), exponent - 1)
    }
  }

  private static func transposed(_ a: [Double], _ n: Int) -> [Double] { (0..<n * n).map { a[$0 % n * n + $0 / n] } }

  private static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    var c = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for k in 0..<n {
        let factor = a[i * n + k]
        for j in 0..<n { c[i * n + j] += factor * b[k * n + j] }
      }
    }
    return c
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MatrixPower.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(MatrixPower.gradient, $0) }
