import Kernels
import Language
import Tensors

/// The square root of a symmetric positive definite matrix without eigenvalues: products of matrices only.
public enum MatrixRoot {
  public static let op: Op = Op(
    "math.matrix_root",
    doc: """
      The square root of a positive definite matrix [C, C] by coupled Newton-Schulz iterations (Higham, Functions of \
      Matrices, 6.35), as style-transfer-pytorch takes it; the gradient solves the Lyapunov equation by the same means. \
      math.matrix_power is exact and slower.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[C, C]")], outputs: [Port("y", "tensor<f32>", .one, "[C, C]")],
    params: [Param("iterations", .int(1...100), default: .int(12), "steps; small eigenvalues need more")],
    infer: { facts throws(Fault) in [.f32(try MatrixPower.square(facts, "x"))] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in try e.emit(gradient, [[a.result()], [a.cotangent]], a.attributes) },
        select: { site throws(Fault) in
          let plan = Plan(site)
          return [
            Choice("newton-schulz", operations: 6 * plan.product * Double(plan.steps), scratch: plan.scratch(5)) {
              call in
              plan.root(call.input(0), call.output(), call)
            }
          ]
        })))

  static let gradient: Op = Op(
    "math.matrix_root_gradient", doc: "Gradient of math.matrix_root from its result: y dx + dx y = dy.",
    inputs: [Port("y", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: op.params, isInternal: true, infer: { facts throws(Fault) in [.f32(facts.tensor("y").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = Plan(site)
        return [
          Choice("newton-schulz", operations: 12 * plan.product * Double(plan.steps), scratch: plan.scratch(5)) {
            call in
            plan.lyapunov(call.input(0), call.input(1), call.output(), call)
          }
        ]
      })))

  private struct Plan: Sendable {
    let n: Int
    let steps: Int
    var area: Int { n * n }
    var product: Double { Double(n) * Double(n) * Double(n) }

    init(_ site: Site) {
      n = site.result.shape[0]
      steps = site.attributes.int("iterations")
    }

    /// Bytes for `count` matrices and the product's own working memory.
    func scratch(_ count: Int) -> Int { Gemm.scratchBytes + count * area * 4 }

    private func matrix(_ index: Int, _ call: KernelCall) -> UnsafeMutablePointer<Float> {
      (call.scratch + Gemm.scratchBytes).assumingMemoryBound(to: Float.self) + index * area
    }

    private func multiply(
      _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ call: KernelCall,
      transposeA: Bool = false, alpha: Float = 1
    ) {
      Gemm(m: n, n: n, k: n, transposeA: transposeA).run(
        rows: 0..<n, columns: 0..<n, a: a, b: b, c: c, alpha: alpha, scratch: call.scratch)
    }

    /// a ← (3I - a) / 2.
    private func towardsInverse(_ a: UnsafeMutablePointer<Float>, scale: Float) {
      for index in 0..<area { a[index] *= -scale }
      for i in 0..<n { a[i * n + i] += 3 * scale }
    }

    private func norm(_ a: UnsafePointer<Float>) -> Float { Float(Kernels.Slab.norm2(a, count: area)) }

    func root(_ x: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ call: KernelCall) {
      let size = norm(x)
      guard size > 0 else {
        result.update(repeating: 0, count: area)
        return
      }
      var (y, z, t) = (matrix(0, call), matrix(1, call), matrix(2, call))
      var (nextY, nextZ) = (matrix(3, call), matrix(4, call))
      for index in 0..<area { (y[index], z[index]) = (x[index] / size, 0) }
      for i in 0..<n { z[i * n + i] = 1 }
      for _ in 0..<steps {
        multiply(z, y, t, call)
        towardsInverse(t, scale: 0.5)
        multiply(y, t, nextY, call)
        multiply(t, z, nextZ, call)
        swap(&y, &nextY)
        swap(&z, &nextZ)
      }
      let scale = size.squareRoot()
      for index in 0..<area { result[index] = y[index] * scale }
    }

    /// Newton-Schulz on [[y, dy], [0, -y]]: the upper right block of its sign is twice the solution.
    func lyapunov(
      _ root: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
      _ call: KernelCall
    ) {
      let size = norm(root)
      guard size > 0 else {
        result.update(repeating: 0, count: area)
        return
      }
      let (a, q) = (matrix(0, call), matrix(1, call))
      let (square, first, second) = (matrix(2, call), matrix(3, call), matrix(4, call))
      for index in 0..<area { (a[index], q[index]) = (root[index] / size, dy[index] / size) }
      for _ in 0..<steps {
        // q ← (q (3I - a²) - aᵀ (aᵀ q - q a)) / 2, a ← a (3I - a²) / 2.
        multiply(a, q, first, call, transposeA: true)
        multiply(q, a, second, call)
        for index in 0..<area { first[index] -= second[index] }
        multiply(a, first, second, call, transposeA: true, alpha: 0.5)
        multiply(a, a, square, call)
        towardsInverse(square, scale: 0.5)
        multiply(q, square, first, call)
        for index in 0..<area { q[index] = first[index] - second[index] }
        multiply(a, square, first, call)
        a.update(from: first, count: area)
      }
      for index in 0..<area { result[index] = 0.5 * q[index] }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MatrixRoot.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(MatrixRoot.gradient, $0) }
