import Language
import Tensors

/// ONNX Dropout (7 to 22): the input itself, or in training (version 12 on) elements zeroed with the given chance and the others
/// scaled up by 1 / (1 - ratio); the mask says which are kept.
enum Dropout {
  static let op = OnnxOperator.make(
    "Dropout", "The input, or in training some of its elements.", "data ratio? training_mode?", "output mask?",
    [.attribute("seed", float: nil), .attribute("ratio", float: 0.5)], isRandom: true,
    infer: { facts throws(Fault) in
      let data = facts.tensor("data")
      return [Inference.tensor(data.dtype, data.shape), Inference.tensor(.bool, data.shape)]
    }
  ) { call throws(Fault) in
    let data = try call.tensor("data")
    let ratio = try call.scalar(at: "ratio") ?? call.attributes.number("ratio")
    let isTraining = try call.scalar(at: "training_mode") ?? 0 != 0
    guard isTraining, ratio != 0 else {
      let mask = Tensor(shape: data.shape, Array(repeating: UInt8(1), count: data.count))
      return [data, mask.narrowedToBool()]
    }
    guard ratio > 0, ratio < 1 else { throw .attribute("ratio", "\(ratio) is not in 0..<1") }
    var generator = RandomDraws.generator(call)
    let mask = (0..<data.count).map { _ in generator.uniform() >= ratio }
    let scale = 1 / (1 - ratio)
    let kept = zip(data.doubles(), mask).map { $1 ? $0 * scale : 0 }
    return [
      .rounding(kept, data.shape, to: data.dtype),
      Tensor(shape: data.shape, mask.map { $0 ? UInt8(1) : 0 }).narrowedToBool(),
    ]
  }
}

extension Tensor {
  /// u8 elements of 0 and 1 as booleans.
  func narrowedToBool() -> Tensor { Tensor(dtype: .bool, shape: shape, buffer: buffer, offset: offset) }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Dropout.op, $0) }
