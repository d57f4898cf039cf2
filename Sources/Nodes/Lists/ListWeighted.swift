import Language
import Tensors

/// Numbers of a list by weights, each alone.
public enum ListWeighted {
  public static let op = Op(
    "list.weighted",
    doc: """
      Each tensor of a list times its weight: the terms that math.weighted_sum adds up. Passes no gradient on.
      """,
    inputs: [Port("x", "list<tensor<f32>>", .one, "any shapes")], outputs: [Port("y", "list<tensor<f32>>")],
    params: [
      Param("weights", .numbers(.all, counts: []), default: .float(1), "one number per tensor, or one for all of them")
    ],
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let list = try call.list("x")
        let weights = call.attributes.numbers("weights")
        guard weights.count == list.count || weights.count == 1 else {
          throw .weightsPerTensor(weights.count, list.count)
        }
        var results: [Value] = []
        for (index, value) in list.enumerated() {
          guard case .tensor(let tensor) = value, tensor.dtype == .f32 else {
            throw .wrongValue("x", "list of tensors", value)
          }
          let weight = Float(weights.count == 1 ? weights[0] : weights[index])
          results.append(.tensor(Tensor(shape: tensor.shape, tensor.elements(Float.self).map { $0 * weight })))
        }
        return [.list(results)]
      }))
}

extension Fault {
  fileprivate static func weightsPerTensor(_ weights: Int, _ tensors: Int) -> Fault {
    .failed("param \"weights\" has \(weights) numbers for \(tensors) tensors")
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ListWeighted.op, $0) }
