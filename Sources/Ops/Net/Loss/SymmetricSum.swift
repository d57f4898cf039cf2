import Language
import Tensors

/// scale · (x + xᵀ) of square matrices: the cotangent of a product of something with itself.
enum SymmetricSum {
  static let op: Op = Op(
    "nn.symmetric_sum", doc: "scale * (x + transposed x) of square matrices.",
    inputs: [Port("x", "tensor<f32>")], outputs: [Port("y", "tensor<f32>")],
    params: [Param("scale", .number(.all), "factor")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let size = site.result.shape[site.result.shape.count - 1]
        let rows = Chunking(count: site.result.count / max(1, size), unitCost: 4 * size)
        let scale = Float(site.attributes.number("scale"))
        return [
          Choice("symmetric-sum", operations: 2 * Double(site.result.count), chunks: rows.chunks) { call in
            for row in rows.range(call.chunk) {
              let matrix = call.input(0) + row / size * size * size
              let (line, target) = (call.input(0) + row * size, call.output() + row * size)
              for column in 0..<size { target[column] = scale * (line[column] + matrix[column * size + row % size]) }
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(SymmetricSum.op, $0) }
