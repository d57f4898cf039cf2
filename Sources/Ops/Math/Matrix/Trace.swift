import Kernels
import Language
import Tensors

/// The sum of a matrix's diagonal.
public enum Trace {
  public static let op: Op = Op(
    "math.trace", doc: "The sum, or the mean, of the diagonal of a matrix [C, C].",
    inputs: [Port("x", "tensor<f32>", .one, "[C, C]")], outputs: [Port("y", "tensor<f32>[]")],
    params: [Param("mean", .bool, default: .bool(false), "divide by C")],
    infer: { facts throws(Fault) in
      _ = try MatrixPower.square(facts, "x")
      return [.f32([])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let n = e.region.concrete(a.operands[0]).shape[0]
          return try e.emit(
            gradient, [[a.cotangent]],
            ["count": .int(n), "scale": .float(a.attributes.bool("mean") ? 1 / Double(n) : 1)])
        },
        select: { site throws(Fault) in
          let n = site.operand(0).shape[0]
          let isMean = site.attributes.bool("mean")
          return [
            Choice("sum", operations: Double(n)) { call in
              var sum = 0.0
              for index in 0..<n { sum += Double(call.input(0)[index * (n + 1)]) }
              call.output()[0] = Float(isMean ? sum / Double(n) : sum)
            }
          ]
        })))

  static let gradient: Op = Op(
    "math.trace_gradient", doc: "A number times the identity.", inputs: [Port("g", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("count", .int(.positive), "rows and columns"), Param("scale", .number(.all), "factor"),
    ], isInternal: true,
    infer: { facts throws(Fault) in
      let n = Dim(facts.attributes.int("count"))
      return [.f32([n, n])]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let n = site.attributes.int("count")
        let scale = Float(site.attributes.number("scale"))
        return [
          Choice("diagonal") { call in
            call.output().update(repeating: 0, count: n * n)
            for index in 0..<n { call.output()[index * (n + 1)] = scale * call.input(0)[0] }
          }
        ]
      })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Trace.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(Trace.gradient, $0) }
