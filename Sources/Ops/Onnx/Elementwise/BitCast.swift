import Language
import Tensors

/// ONNX BitCast (26): the same bytes seen as another element type of the same size.
enum BitCast {
  static let op = OnnxOperator.make(
    "BitCast", "The same bytes as another element type.", "input", "output", [.attribute(required: "to")],
    infer: { facts throws(Fault) in
      [Inference.tensor(DType(onnx: facts.attributes.int("to")), facts.tensor("input").shape)]
    }
  ) { call throws(Fault) in
    guard let target = try call.dtype("to") else { throw .elementCode("to", 0) }
    let x = try call.tensor("input")
    guard target.size == x.dtype.size else {
      throw .attribute("to", "\(target.rawValue) has not the size of \(x.dtype.rawValue)")
    }
    return [Tensor(dtype: target, shape: x.shape, buffer: x.buffer, offset: x.offset)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(BitCast.op, $0) }
