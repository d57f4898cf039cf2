import Language
import Tensors

/// Scales vectors along an axis to length 1, as embeddings are before they are compared.
public enum L2Norm {
  public static let op: Op = Op(
    "nn.l2norm",
    doc: "x / max(|x|, epsilon) along an axis: embeddings to unit length (PyTorch's functional.normalize).",
    inputs: [Port("x", "tensor<f32>", .one, "any shape")], outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("axis", .int(.all), default: .int(-1), "the axis whose vectors are scaled; negative counts from the end"),
      Param("epsilon", .number(.natural), default: .float(1e-12), "the smallest length divided by"),
    ],
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("x").shape else { return [.f32(nil)] }
      _ = try Shapes.axis(facts.attributes, rank: shape.count)
      return [facts.tensor("x").reshaped(shape, keepingRange: false)]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try e.emit(L2NormGradient.op, [[a.operands[0]], [a.cotangent]], a.attributes)
        },
        batch: .alongAxis(),
        select: { site throws(Fault) in
          let rows = try AxisRows(site)
          let epsilon = site.attributes.number("epsilon")
          return [
            Choice(
              "rows", operations: 3 * Double(site.result.count), chunks: rows.chunks.chunks, inPlace: [(0, 0)]
            ) { call in
              for row in rows.chunks.range(call.chunk) {
                let (x, y) = (call.input(0) + rows.view.start(row), call.output() + rows.view.start(row))
                let factor = Float(1 / max(rows.dot(x, x).squareRoot(), epsilon))
                for index in 0..<rows.view.length { y[index * rows.view.inner] = factor * x[index * rows.view.inner] }
              }
            }
          ]
        })))
}

/// The gradient of scaling to unit length: (dy - y (y · dy)) / |x|, or dy / epsilon for the shortest.
enum L2NormGradient {
  static let op: Op = Op(
    "nn.l2norm_gradient", doc: "Gradient of nn.l2norm.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: L2Norm.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let rows = try AxisRows(site)
        let epsilon = site.attributes.number("epsilon")
        return [
          Choice(
            "rows", operations: 7 * Double(site.result.count), chunks: rows.chunks.chunks, inPlace: [(0, 0), (1, 0)]
          ) { call in
            for row in rows.chunks.range(call.chunk) {
              let start = rows.view.start(row)
              let (x, dy, dx) = (call.input(0) + start, call.input(1) + start, call.output() + start)
              let norm = rows.dot(x, x).squareRoot()
              let factor = Float(1 / max(norm, epsilon))
              let along = norm > epsilon ? Float(rows.dot(x, dy) / (norm * norm * norm)) : 0
              for index in 0..<rows.view.length {
                let at = index * rows.view.inner
                dx[at] = factor * dy[at] - along * x[at]
              }
            }
          }
        ]
      })))
}

/// The rows of a node's first operand along its `axis`, cut into chunks.
struct AxisRows: Sendable {
  let view: AxisView
  let chunks: Chunking

  init(_ site: Site) throws(Fault) {
    let shape = site.operand(0).shape
    view = AxisView(shape, axis: try Shapes.axis(site.attributes, rank: shape.count))
    chunks = Chunking(count: view.rows, unitCost: 8 * view.length)
  }

  /// Dot product along a row, in Double.
  func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Double {
    var sum = 0.0
    for index in 0..<view.length { sum += Double(a[index * view.inner]) * Double(b[index * view.inner]) }
    return sum
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(L2Norm.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(L2NormGradient.op, $0) }
