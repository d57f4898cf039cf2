import Language
import Tensors

/// A parameter as a value.
public enum NetworkParameter {
  public static let op: Op = Op(
    "nn.parameter",
    doc: """
      A parameter of the network as a value: the centres of classes that a margin loss compares with, a learnt scale. It \
      is named like every other, node.weight, and starts by the initialisers of nn.weights, or else he_normal.
      """,
    inputs: [Port("weight", "tensor<f32>", .parameter(.heNormal), "the parameter")],
    outputs: [Port("y", "tensor<f32>")], params: [Param("shape", .ints(.positive, counts: []), "its extents")],
    parameters: { facts throws(Fault) in [.f32(facts.attributes.ints("shape").map { Dim($0) })] },
    infer: { facts throws(Fault) in [.f32(facts.attributes.ints("shape").map { Dim($0) })] },
    action: .numeric(
      Numeric(
        gradient: { (_, a) throws(Fault) in [a.cotangent] },
        select: { site throws(Fault) in
          let count = site.result.count
          return [
            Choice("copy", operations: Double(count), inPlace: [(0, 0)]) { call in
              guard UnsafeRawPointer(call.input(0)) != UnsafeRawPointer(call.output()) else { return }
              call.output().update(from: call.input(0), count: count)
            }
          ]
        })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(NetworkParameter.op, $0) }
