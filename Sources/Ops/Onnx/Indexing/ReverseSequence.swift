import Language
import Tensors

/// ONNX ReverseSequence (10 to 28): the first elements of each sequence, as many as its length says, in reverse order.
enum ReverseSequence {
  static let op = OnnxOperator.make(
    "ReverseSequence", "The beginning of each sequence reversed.", "input sequence_lens", "Y",
    [.attribute("batch_axis", 1), .attribute("time_axis", 0)], infer: Inference.like("input")
  ) { call throws(Fault) in
    let input = try call.tensor("input")
    guard input.rank >= 2 else { throw .rank("input", input.shape, "at least two axes") }
    let batch = try Axes.resolved(call.attributes.int("batch_axis"), rank: input.rank)
    let time = try Axes.resolved(call.attributes.int("time_axis"), rank: input.rank)
    guard (batch, time) == (0, 1) || (batch, time) == (1, 0) else {
      throw .attribute("time_axis", "time and batch must be the first two axes")
    }
    let lengths = try call.tensor("sequence_lens").integers("sequence_lens")
    guard lengths.count == input.shape[batch] else {
      throw .listLength("sequence_lens", lengths.count, input.shape[batch])
    }
    let inner = input.shape[2...].reduce(1, *)
    let result = try Assembly(dtype: input.dtype, shape: input.shape)
    for step in 0..<input.shape[time] where inner > 0 {
      for (sample, length) in lengths.enumerated() {
        guard (0...input.shape[time]).contains(length) else { throw .index(length, input.shape[time]) }
        let from = step < length ? length - 1 - step : step
        let (source, target) =
          batch == 0
          ? (sample * input.shape[time] + from, sample * input.shape[time] + step)
          : (from * lengths.count + sample, step * lengths.count + sample)
        result.copy(input, from: source * inner, to: target * inner, count: inner)
      }
    }
    return [Tensor(dtype: input.dtype, shape: input.shape, buffer: result.buffer)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ReverseSequence.op, $0) }
