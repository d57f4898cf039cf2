import Kernels
import Language
import Tensors

/// Product of matrices, batched and broadcast over leading dimensions.
public enum MatMul {
  public static let op: Op = Op(
    "nn.matmul",
    doc: """
      Matrix product over the last two axes, [M, K] · [K, N] = [M, N]; leading dimensions are batches and broadcast. A \
      flag reads an operand as its transpose.
      """,
    inputs: [Port("a", "tensor<f32>", .one, "[…, M, K]"), Port("b", "tensor<f32>", .one, "[…, K, N]")],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("transpose_a", .bool, default: .bool(false), "a is stored as […, K, M]"),
      Param("transpose_b", .bool, default: .bool(false), "b is stored as […, N, K]"),
    ],
    infer: { facts throws(Fault) in
      guard let a = try Shapes.extents(facts, "a", atLeast: 2), let b = try Shapes.extents(facts, "b", atLeast: 2)
      else { return [.f32(nil)] }
      let (transposeA, transposeB) = flags(facts.attributes)
      let (m, k) = (a[a.count - (transposeA ? 1 : 2)], a[a.count - (transposeA ? 2 : 1)])
      let (n, inner) = (b[b.count - (transposeB ? 2 : 1)], b[b.count - (transposeB ? 1 : 2)])
      try Shapes.require(
        inner, equals: k, "b", b.count - (transposeB ? 1 : 2), because: "a has \(k) \(transposeA ? "rows" : "columns")")
      return [.f32(try batches(a, b) + [m, n])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, adjoint) throws(Fault) in
          let (a, b, dy) = (adjoint.operands[0], adjoint.operands[1], adjoint.cotangent)
          let (ta, tb) = flags(adjoint.attributes)
          var result: [ValueID?] = [nil, nil]
          if adjoint.needs[0] {
            result[0] = ta ? try multiply(&e, b, dy, tb, true) : try multiply(&e, dy, b, false, !tb)
            result[0] = try reduced(&e, result[0]!, a)
          }
          if adjoint.needs[1] {
            result[1] = tb ? try multiply(&e, dy, a, true, ta) : try multiply(&e, a, dy, !ta, false)
            result[1] = try reduced(&e, result[1]!, b)
          }
          return result
        },
        batch: BatchRule { use in
          // One matrix of rows per item times a shared one, or a pair of matrices per item.
          use.hasStackedFirst || (use.rank > 2 && use.isStacked.joined().allSatisfy { $0 }) ? use.attributes : nil
        },
        select: { site throws(Fault) in
          let (a, b, y) = (site.operand(0).shape, site.operand(1).shape, site.result.shape)
          let (ta, tb) = flags(site.attributes)
          let product = Gemm(
            m: y[y.count - 2], n: y[y.count - 1], k: a[a.count - (ta ? 2 : 1)], transposeA: ta, transposeB: tb)
          let batches = Array(y.dropLast(2))
          let startsA = offsets(batches, Array(a.dropLast(2)), product.m * product.k)
          let startsB = offsets(batches, Array(b.dropLast(2)), product.n * product.k)
          let area = product.m * product.n
          return [
            Choice(
              "gemm", operations: product.operations * Double(startsA.count), scratch: Gemm.scratchBytes,
              chunks: max(1, startsA.count * product.chunkCount)
            ) { call in
              let batch = call.chunk / product.chunkCount
              guard batch < startsA.count else { return }
              product.run(
                chunk: call.chunk % product.chunkCount, a: call.input(0) + startsA[batch],
                b: call.input(1) + startsB[batch], c: call.output() + batch * area, scratch: call.scratch)
            }
          ]
        })))

  private static func flags(_ attributes: Attributes) -> (Bool, Bool) {
    (attributes.bool("transpose_a"), attributes.bool("transpose_b"))
  }

  private static func multiply(
    _ e: inout Emitter, _ a: ValueID, _ b: ValueID, _ transposeA: Bool, _ transposeB: Bool
  ) throws(Fault) -> ValueID {
    try e.emit(op, [[a], [b]], ["transpose_a": .bool(transposeA), "transpose_b": .bool(transposeB)])[0]
  }

  /// Sums what was broadcast.
  private static func reduced(_ e: inout Emitter, _ gradient: ValueID, _ operand: ValueID) throws(Fault) -> ValueID {
    let shape = e.region.concrete(operand).shape
    if e.region.concrete(gradient).shape == shape { return gradient }
    return try e.emit("math.reduce_to", gradient, attributes: ["shape": .ints(shape)])
  }

  private static func batches(_ a: [Dim], _ b: [Dim]) throws(Fault) -> [Dim] {
    let (left, right) = (a.dropLast(2), b.dropLast(2))
    let count = max(left.count, right.count)
    let x = Array(repeating: Dim(1), count: count - left.count) + left
    let y = Array(repeating: Dim(1), count: count - right.count) + right
    var result: [Dim] = []
    for index in 0..<count {
      if x[index] == 1 {
        result.append(y[index])
      } else if y[index] == 1 || x[index].compare(y[index]) != .different {
        result.append(x[index])
      } else {
        throw .broadcast(a, b, index, x[index], y[index])
      }
    }
    return result
  }

  /// Where each batch of the result finds its matrix: an axis of extent 1 stays where it is.
  private static func offsets(_ batches: [Int], _ own: [Int], _ area: Int) -> [Int] {
    let padded = Array(repeating: 1, count: batches.count - own.count) + own
    return (0..<batches.reduce(1, *)).map { flat in
      var (rest, step, offset) = (flat, area, 0)
      for axis in batches.indices.reversed() {
        if padded[axis] > 1 { offset += rest % batches[axis] * step }
        step *= padded[axis]
        rest /= batches[axis]
      }
      return offset
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MatMul.op, $0) }
