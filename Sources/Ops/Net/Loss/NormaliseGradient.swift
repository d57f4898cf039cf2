import Kernels
import Language
import Tensors

/// y = x, with the gradient brought to a given length on its way back.
public enum NormaliseGradient {
  public static let op: Op = Op(
    "nn.normalise_gradient",
    doc: """
      The same numbers; the gradient that comes back is divided by its norm + epsilon and multiplied by scale. With the \
      l1 norm in front of each loss layer this is the -normalize_gradients of neural-style.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "any shape")], outputs: [Port("y", "tensor<f32>", .one, "x")],
    params: [
      Param("scale", .number(.all), default: .float(1), "length of the gradient"),
      Param("norm", .choice(["l1", "l2", "mean_abs"]), default: .string("l1"), "what it is measured by"),
      Param("epsilon", .number(.natural), default: .float(1e-8), "added to the norm"),
    ],
    infer: { facts throws(Fault) in [facts.type("x")] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in try e.emit(NormalisedGradient.op, [[a.cotangent]], a.attributes) },
        select: { site throws(Fault) in
          let count = site.result.count
          return [
            Choice("copy", inPlace: [(0, 0)]) { call in
              if UnsafePointer(call.output()) != call.input(0) {
                call.output().update(from: call.input(0), count: count)
              }
            }
          ]
        })))
}

/// scale · g / (|g| + epsilon); the norm is summed in Double, in order.
enum NormalisedGradient {
  static let op: Op = Op(
    "nn.normalised_gradient", doc: "A gradient brought to a given length.", inputs: [Port("g", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")], params: NormaliseGradient.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("g").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.result.count
        let (scale, epsilon) = (site.attributes.number("scale"), site.attributes.number("epsilon"))
        let norm = site.attributes.string("norm")
        return [
          Choice("normalise", operations: 3 * Double(count), inPlace: [(0, 0)]) { call in
            var sum = 0.0
            for index in 0..<count {
              let value = Double(call.input(0)[index])
              sum += norm == "l2" ? value * value : abs(value)
            }
            if norm == "l2" { sum = sum.squareRoot() }
            if norm == "mean_abs" { sum /= Double(max(1, count)) }
            let factor = Float(scale / (sum + epsilon))
            for index in 0..<count { call.output()[index] = call.input(0)[index] * factor }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(NormaliseGradient.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(NormalisedGradient.op, $0) }
