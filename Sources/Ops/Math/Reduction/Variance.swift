import Language

/// Mean squared distance from the mean, over axes.
public enum Variance {
  public static let op: Op = Op(
    "math.variance",
    doc: """
      The variance of the elements over some dimensions, which stay with an extent of 1: divided by their number, or, \
      unbiased, by one less (PyTorch's default).
      """,
    inputs: UnaryOp.inputs, outputs: [Port("y", "tensor<f32>", .one, "x with 1 in place of the reduced dimensions")],
    params: [
      ReductionOp.params[0], Param("unbiased", .bool, default: .bool(false), "divide by one less than the number"),
    ],
    infer: { facts throws(Fault) in
      guard let shape = facts.shape("x") else { return [.f32(nil)] }
      let axes = try Axes.resolve(facts.attributes, rank: shape.count)
      let extents = axes.map { shape[$0].value }
      if facts.attributes.bool("unbiased"), extents.allSatisfy({ $0 != nil }), extents.reduce(1, { $0 * $1! }) < 2 {
        throw .shape("an unbiased variance needs at least 2 elements")
      }
      return [.f32(shape.indices.map { axes.contains($0) ? 1 : shape[$0] })]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          // d variance / dx = 2 (x - mean) / divisor.
          let x = adjoint.operands[0]
          let axes: [String: Literal] = ["axes": adjoint.attributes["axes"]!, "keep_dims": .bool(true)]
          let mean = try emitter.use(Mean.op, x, attributes: axes)
          let centred = try emitter.use(Subtract.op, x, mean)
          let slope = try emitter.use(Multiply.op, centred, adjoint.cotangent)
          let divisor = try divisor(emitter.shape(x), adjoint.attributes)
          return [try emitter.use(Scale.op, slope, attributes: ["by": .float(2 / divisor)])]
        },
        select: { site throws(Fault) in
          let shape = site.operand(0).shape
          let axes = try Axes.resolve(site.attributes, rank: shape.count)
          let divisor = try divisor(shape, site.attributes)
          let strides = Movement.strides(shape)
          let kept = shape.indices.filter { !axes.contains($0) }
          let reduced = offsets(shape, strides, axes)
          let starts = offsets(shape, strides, kept)
          let chunks = Chunking(count: starts.count, unitCost: 4 * max(1, reduced.count))
          return [
            Choice("two passes", operations: 4 * Double(site.operand(0).count), chunks: chunks.chunks) { call in
              for index in chunks.range(call.chunk) {
                let x = call.input(0) + starts[index]
                var (sum, squares) = (0.0, 0.0)
                for offset in reduced { sum += Double(x[offset]) }
                let mean = sum / Double(reduced.count)
                for offset in reduced {
                  let difference = Double(x[offset]) - mean
                  squares += difference * difference
                }
                call.output()[index] = Float(squares / divisor)
              }
            }
          ]
        })))

  private static func divisor(_ shape: [Int], _ attributes: Attributes) throws(Fault) -> Double {
    Double(try ReductionOp.elementsPerResult(shape, attributes)) - (attributes.bool("unbiased") ? 1 : 0)
  }

  /// Places of all elements along `axes`, in row-major order.
  private static func offsets(_ shape: [Int], _ strides: [Int], _ axes: [Int]) -> [Int] {
    axes.reduce([0]) { found, axis in found.flatMap { start in (0..<shape[axis]).map { start + $0 * strides[axis] } } }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Variance.op, $0) }
