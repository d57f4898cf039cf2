import Kernels
import Language
import Tensors

/// What losses made of squared differences share: the sum, and its gradient g · scale · (a - b).
enum DifferenceGradient {
  static let op: Op = Op(
    "nn.difference_gradient", doc: "g * scale * (a - b), or g * scale * a without b, for a single number g.",
    inputs: [Port("a", "tensor<f32>"), Port("g", "tensor<f32>"), Port("b", "tensor<f32>", .optional)],
    outputs: [Port("y", "tensor<f32>")], params: [Param("scale", .number(.all), "factor")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("a").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let chunks = Chunking(count: site.result.count, unitCost: 2)
        let scale = Float(site.attributes.number("scale"))
        let isDifference = site.isConnected(2)
        return [
          Choice(
            "difference", operations: 2 * Double(site.result.count), chunks: chunks.chunks,
            inPlace: isDifference ? [(0, 0), (2, 0)] : [(0, 0)]
          ) { call in
            let factor = call.input(1)[0] * scale
            let range = chunks.range(call.chunk)
            let (a, y) = (call.input(0), call.output())
            if isDifference {
              let b = call.input(2)
              for index in range { y[index] = factor * (a[index] - b[index]) }
            } else {
              for index in range { y[index] = factor * a[index] }
            }
          }
        ]
      })))

  /// The gradients of scale / 2 · Σ (a - b)² by a and, when it is there, b.
  static func emit(_ e: inout Emitter, _ adjoint: Adjoint, scale: Double) throws(Fault) -> [ValueID?] {
    let operands = adjoint.operands
    var result: [ValueID?] = []
    for index in operands.indices {
      let (mine, other) = (operands[index], operands.count == 2 ? [operands[1 - index]] : [])
      result.append(
        adjoint.needs[index]
          ? try e.emit(op, [[mine], [adjoint.cotangent], other], ["scale": .float(scale)])[0] : nil)
    }
    return result
  }

  /// scale · Σ (a - b)² in one piece: the sum has one order.
  static func choice(_ site: Site, scale: Double) -> Choice {
    let count = site.operand(0).count
    let isDifference = site.isConnected(1)
    return Choice("sum", operations: 3 * Double(count)) { call in
      let sum =
        isDifference
        ? Slab.sumOfSquaredDifferences(call.input(0), call.input(1), count: count)
        : Slab.sumOfSquares(call.input(0), count: count)
      call.output()[0] = Float(scale * sum)
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DifferenceGradient.op, $0) }
