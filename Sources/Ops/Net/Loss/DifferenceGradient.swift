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
        let scale = Float(site.attributes.number("scale"))
        let isDifference = site.isConnected(2)
        return site.flatLayouts(keepsZero: true).map { layout in
          let count = site.elements(layout)
          let chunks = Chunking(count: count, unitCost: 2)
          return Choice(
            "difference", operandLayouts: isDifference ? [layout, .rowMajor, layout] : [layout, .rowMajor],
            resultLayouts: [layout], operations: 2 * Double(count), chunks: chunks.chunks,
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
        }
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
  static func choices(_ site: Site, scale: Double) -> [Choice] {
    let isDifference = site.isConnected(1)
    let operand = site.operand(0)
    let terms = Site(attributes: site.attributes, operands: site.operands, results: [operand])
    // Full blocks are summed as they lie, whatever made them, because the order of a sum shows in its low bits.
    let layout = terms.flatLayouts(keepsZero: false).last!
    return [Layout.rowMajor, layout].prefix(layout == .rowMajor ? 1 : 2).map { layout in
      let count = terms.elements(layout)
      return Choice(
        "sum", operandLayouts: Array(repeating: layout, count: isDifference ? 2 : 1), resultLayouts: [.rowMajor],
        operations: 3 * Double(count), prevails: layout != .rowMajor
      ) { call in
        let sum =
          isDifference
          ? Slab.sumOfSquaredDifferences(call.input(0), call.input(1), count: count)
          : Slab.sumOfSquares(call.input(0), count: count)
        call.output()[0] = Float(scale * sum)
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DifferenceGradient.op, $0) }
