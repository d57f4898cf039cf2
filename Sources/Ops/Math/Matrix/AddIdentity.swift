import Kernels
import Language
import Tensors

/// x + scale · I.
public enum AddIdentity {
  public static let op: Op = Op(
    "math.add_identity", doc: "Adds a multiple of the identity to a matrix [C, C]: what keeps a covariance invertible.",
    inputs: [Port("x", "tensor<f32>", .one, "[C, C]")], outputs: [Port("y", "tensor<f32>", .one, "[C, C]")],
    params: [Param("scale", .number(.all), default: .float(1), "what is added to the diagonal")],
    infer: { facts throws(Fault) in [.f32(try MatrixPower.square(facts, "x"))] },
    action: .numeric(
      Numeric(
        gradient: { (_, adjoint) throws(Fault) in [adjoint.cotangent] },
        select: { site throws(Fault) in
          let n = site.result.shape[0]
          let scale = Float(site.attributes.number("scale"))
          return [
            Choice("add", operations: Double(n), inPlace: [(0, 0)]) { call in
              if UnsafePointer(call.output()) != call.input(0) {
                call.output().update(from: call.input(0), count: n * n)
              }
              for index in 0..<n { call.output()[index * (n + 1)] += scale }
            }
          ]
        })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(AddIdentity.op, $0) }
