import Kernels
import Language
import Tensors

/// Σ weight · term: losses put together.
public enum WeightedSum {
  public static let op: Op = Op(
    "nn.weighted_sum",
    doc: """
      Sum of weight * term over any number of tensors of one shape: style layers with their weights, or content, style \
      and smoothness losses into the total.
      """,
    inputs: [Port("terms", "tensor<f32>", .variadic, "tensors of one shape")],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param(
        "weights", .numbers(.all, counts: []), default: .float(1), "one number per term, or one number for all of them")
    ],
    infer: { facts throws(Fault) in
      let terms = facts.types("terms").map { $0.tensor?.shape }
      _ = try weights(facts.attributes, terms.count)
      var result: [Dim]?
      for (index, shape) in terms.enumerated() {
        guard let shape else { continue }
        guard let first = result else {
          result = shape
          continue
        }
        guard first.count == shape.count, zip(first, shape).allSatisfy({ $0.compare($1) != .different }) else {
          throw .terms(index, shape, first)
        }
      }
      return [.f32(result)]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let weights = try weights(a.attributes, a.operands.count)
          var result: [ValueID?] = []
          for (weight, isNeeded) in zip(weights, a.needs) {
            result.append(
              isNeeded ? try e.emit(op, [[a.cotangent]], ["weights": .array([.float(weight)])])[0] : nil)
          }
          return result
        },
        select: { site throws(Fault) in
          let weights = try weights(site.attributes, site.operands[0].count).map { Float($0) }
          let chunks = Chunking(count: site.result.count, unitCost: 2 * weights.count)
          return [
            Choice("axpy", operations: 2 * Double(weights.count * site.result.count), chunks: chunks.chunks) { call in
              let range = chunks.range(call.chunk)
              let target = call.output() + range.lowerBound
              for (index, weight) in weights.enumerated() {
                let term = call.input(index) + range.lowerBound
                if index == 0 {
                  Slab.affine(term, scale: weight, target, count: range.count)
                } else {
                  Slab.axpy(alpha: weight, term, target, count: range.count)
                }
              }
            }
          ]
        })))

  private static func weights(_ attributes: Attributes, _ count: Int) throws(Fault) -> [Double] {
    guard case .array = attributes["weights"] else {
      return Array(repeating: attributes.number("weights"), count: count)
    }
    let weights = attributes.numbers("weights")
    guard weights.count == count else { throw .weightCount(weights.count, count) }
    return weights
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WeightedSum.op, $0) }
