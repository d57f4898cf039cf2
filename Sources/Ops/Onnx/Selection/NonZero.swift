import Language
import Tensors

/// ONNX NonZero (9 to 13): the coordinates of what is not 0, as int64 [rank, count], in row-major order.
enum NonZero {
  static let op = OnnxOperator.make(
    "NonZero", "The coordinates of what is not 0.", "X", "Y",
    infer: { facts throws(Fault) in
      [Inference.tensor(.i64, [facts.tensor("X").shape.map { Dim($0.count) } ?? .unknown, .unknown])]
    }
  ) { call throws(Fault) in
    let x = try call.tensor("X")
    let places = x.doubles().enumerated().filter { $0.element != 0 }.map(\.offset)
    let strides = Extents.strides(x.shape)
    let coordinates = x.shape.indices.flatMap { axis in
      places.map { Int64($0 / strides[axis] % x.shape[axis]) }
    }
    return [Tensor(shape: [x.rank, places.count], coordinates)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(NonZero.op, $0) }
