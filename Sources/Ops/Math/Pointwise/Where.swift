import Language
import Tensors

/// y = a where the mask is not 0, else b; all three broadcast.
public enum Where {
  public static let op: Op = Op(
    "math.where", doc: "Takes a where the mask is not 0 and b elsewhere; extents of 1 are stretched.",
    inputs: [
      Port("mask", "tensor<f32>", .one, "0 chooses b, anything else a."),
      Port("a", "tensor<f32>", .one, "Taken where the mask is set."),
      Port("b", "tensor<f32>", .one, "Taken where it is not."),
    ], outputs: BinaryOp.outputs,
    infer: { facts throws(Fault) in
      guard let mask = facts.shape("mask"), let a = facts.shape("a"), let b = facts.shape("b") else {
        return [.f32(nil)]
      }
      let both = try Broadcast.shape(a, b)
      let meaning = facts.tensor("a").meaning == facts.tensor("b").meaning ? facts.tensor("a").meaning : Meaning()
      return [.f32(try Broadcast.shape(mask, both, names: ("mask", "a and b")), meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (emitter, adjoint) throws(Fault) in
          let (g, mask) = (adjoint.cotangent, adjoint.operands[0])
          var result: [ValueID?] = [nil, nil, nil]
          let zero = emitter.constant(.scalar(0))
          if adjoint.needs[1] {
            let part = try emitter.use(op, mask, g, zero)
            result[1] = try ReduceTo.emit(&emitter, part, like: adjoint.operands[1])
          }
          if adjoint.needs[2] {
            let part = try emitter.use(op, mask, zero, g)
            result[2] = try ReduceTo.emit(&emitter, part, like: adjoint.operands[2])
          }
          return result
        },
        batch: .pointwise, select: { site throws(Fault) in [choice(site)] })))

  private static func choice(_ site: Site) -> Choice {
    let shape = site.result.shape
    let strides = (0..<3).map { Broadcast.strides(site.operand($0).shape, over: shape) }
    let nest = Nest(extents: shape, strides: strides)
    let (maskStep, aStep, bStep) = (nest.innerStride(0), nest.innerStride(1), nest.innerStride(2))
    let chunking = Chunking(count: nest.count, unitCost: 4)
    let inner = nest.inner
    return Choice(
      "where", operations: Double(nest.count), chunks: chunking.chunks,
      inPlace: (0..<3).filter { site.operand($0).shape == shape }.map { ($0, 0) }
    ) { call in
      let y = call.output()
      nest.forEachRun(in: chunking.range(call.chunk)) { start, count, maskPlace, bPlace in
        let mask = call.input(0) + maskPlace
        let a = call.input(1) + nest.place(1, start / inner, start % inner)
        let b = call.input(2) + bPlace
        for index in 0..<count {
          y[start + index] = mask[index * maskStep] != 0 ? a[index * aStep] : b[index * bStep]
        }
      }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Where.op, $0) }
