import Language
import Tensors

/// ONNX MatMul (1 to 13): NumPy's matmul.
enum MatMul {
  static let op = OnnxOperator.make("MatMul", "The matrix product.", "A B", "Y", infer: infer("A", "B")) {
    call throws(Fault) in
    let (a, b) = (try call.tensor("A"), try call.tensor("B"))
    guard a.dtype == b.dtype else { throw .elementTypes("A", a.dtype, "B", b.dtype) }
    return [try MatrixProduct.run(MatrixProduct.widened(a), MatrixProduct.widened(b)).narrowed(to: a.dtype)]
  }

  static func infer(_ a: String, _ b: String, to dtype: DType? = nil) -> Op.Inference {
    { facts throws(Fault) in
      let (left, right) = (facts.tensor(a), facts.tensor(b))
      guard let x = left.shape, let y = right.shape, x.count >= 2, y.count >= 2 else {
        return [Inference.tensor(dtype ?? left.dtype)]
      }
      let inner = (x[x.count - 1], y[y.count - 2])
      if inner.0.compare(inner.1) == .different {
        throw .shape("inputs \"\(a)\" and \"\(b)\" do not fit: the inner extents are \(inner.0) and \(inner.1)")
      }
      let batch = try Inference.broadcast(Array(x.dropLast(2)), Array(y.dropLast(2)))
      return [Inference.tensor(dtype ?? left.dtype, batch + [x[x.count - 2], y[y.count - 1]])]
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(MatMul.op, $0) }
