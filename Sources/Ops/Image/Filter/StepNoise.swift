import Kernels
import Language
import Tensors

/// Noise drawn anew at every step of a loop.
public enum StepNoise {
  public static let op: Op = Op(
    "tensor.step_noise",
    doc: """
      x plus normal noise that is drawn anew at every step of the loop; the gradient passes. The mean gradient of many \
      such steps is SmoothGrad (Smilkov et al. 2017). spread is the deviation as a share of the range of x.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "any shape")], outputs: [Port("y", "tensor<f32>", .one, "the shape of x")],
    params: [
      Param("spread", .number(.natural), default: .float(0.15), "deviation as a share of largest minus smallest"),
      Param("stream", .int(.natural), default: .int(0), "uses with different numbers draw apart"),
    ],
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape, facts.tensor("x").meaning)] },
    action: .numeric(
      Numeric(
        gradient: { (_, a) throws(Fault) in [a.cotangent] },
        select: { site throws(Fault) in
          let count = site.result.count
          let (spread, stream) = (site.attributes.number("spread"), UInt64(site.attributes.int("stream")))
          return [
            Choice("normal", operations: 4 * Double(count)) { call in
              guard count > 0 else { return }
              let (x, y) = (call.input(0), call.output())
              var (low, high) = (x[0], x[0])
              for index in 1..<max(1, count) { (low, high) = (min(low, x[index]), max(high, x[index])) }
              let deviation = Float(spread) * (high - low)
              // The label keeps the numbers apart from those of other ops with the same seed.
              let counter = UInt128(0x6E6F_6973 &+ stream) << 64 | UInt128(call.step) << 40
              Philox(key: call.seed, counter: counter).normal(0..<count, y)
              for index in 0..<count { y[index] = x[index] + deviation * y[index] }
            }
          ]
        })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(StepNoise.op, $0) }
