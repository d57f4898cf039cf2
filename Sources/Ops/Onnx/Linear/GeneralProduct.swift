import Language
import Tensors

/// ONNX Gemm (7 to 13): alpha · A' B' + beta · C, where a prime transposes on demand and C is stretched over the result.
enum GeneralProduct {
  static let op = OnnxOperator.make(
    "Gemm", "alpha · A' B' + beta · C", "A B C?", "Y", params,
    infer: { facts throws(Fault) in
      let (a, b) = (facts.tensor("A"), facts.tensor("B"))
      guard let x = a.shape, let y = b.shape, x.count == 2, y.count == 2 else {
        return [Inference.tensor(a.dtype, Inference.unknown(rank: 2))]
      }
      let rows = facts.attributes.int("transA") != 0 ? x[1] : x[0]
      let columns = facts.attributes.int("transB") != 0 ? y[0] : y[1]
      return [Inference.tensor(a.dtype, [rows, columns])]
    }
  ) { call throws(Fault) in [try run(call)] }

  static let params: [Param] = [
    .attribute("alpha", float: 1), .attribute("beta", float: 1), .flag("transA"), .flag("transB"),
  ]

  static func run(_ call: HostCall) throws(Fault) -> Tensor {
    let (a, b) = (try call.tensor("A"), try call.tensor("B"))
    guard a.rank == 2 else { throw .rank("A", a.shape, "a matrix") }
    guard b.rank == 2 else { throw .rank("B", b.shape, "a matrix") }
    guard a.dtype == b.dtype else { throw .elementTypes("A", a.dtype, "B", b.dtype) }
    let left = try MatrixProduct.widened(a).transposed(call.flag("transA") ? [1, 0] : [0, 1])
    let right = try MatrixProduct.widened(b).transposed(call.flag("transB") ? [1, 0] : [0, 1])
    var result = scaled(try MatrixProduct.run(left, right), call.attributes.number("alpha"))
    if let c = try call.optional("C"), call.attributes.number("beta") != 0 {
      guard c.dtype == a.dtype else { throw .elementTypes("A", a.dtype, "C", c.dtype) }
      let bias = try scaled(MatrixProduct.widened(c), call.attributes.number("beta")).expanded(to: result.shape)
      result = try Plus.run(result, bias, ("A", "C"))
    }
    return result.narrowed(to: a.dtype)
  }

  private static func scaled(_ x: Tensor, _ factor: Double) -> Tensor {
    if factor == 1 { return x }
    return switch x.dtype {
    case .f32: x.mapped(Float.self, to: .f32) { (x: Float) in Float(factor) * x }
    case .f64: x.mapped(Double.self, to: .f64) { (x: Double) in factor * x }
    case .i64: x.mapped(Int64.self, to: .i64) { (x: Int64) in Int64(real: factor * Double(x)) }
    default: x.mapped(UInt64.self, to: .u64) { (x: UInt64) in UInt64(real: factor * Double(x)) }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GeneralProduct.op, $0) }
