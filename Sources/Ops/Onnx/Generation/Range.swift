import Language
import Tensors

/// ONNX Range (11 to 27): start, start + delta, … before limit. Element i is start + i · delta, computed in Double for floats.
enum Range {
  static let op = OnnxOperator.make(
    "Range", "Numbers in equal steps.", "start limit delta", "output", [.attribute("stash_type", 1)],
    infer: { facts throws(Fault) in [Inference.tensor(facts.tensor("start").dtype, [.unknown])] }
  ) { call throws(Fault) in
    let (start, limit, delta) = (try call.tensor("start"), try call.tensor("limit"), try call.tensor("delta"))
    for (port, tensor) in [("start", start), ("limit", limit), ("delta", delta)] {
      guard tensor.count == 1 else { throw .notOneNumber(port, tensor.count) }
      guard tensor.dtype == start.dtype else { throw .elementTypes("start", start.dtype, port, tensor.dtype) }
    }
    if start.dtype.isFloat {
      let (first, end, step) = (start.doubles()[0], limit.doubles()[0], delta.doubles()[0])
      let count = try count((end - first) / step)
      return [.rounding((0..<count).map { first + Double($0) * step }, [count], to: start.dtype)]
    }
    let (first, end) = (try start.integers("start")[0], try limit.integers("limit")[0])
    let step = try delta.integers("delta")[0]
    guard step != 0 else { throw .attribute("delta", "the step is 0") }
    let (distance, overflow) = end.subtractingReportingOverflow(first)
    guard !overflow else { throw .tooLarge([.max]) }
    let isEmpty = step > 0 ? distance <= 0 : distance >= 0
    let steps = isEmpty ? 0 : Int((distance.magnitude - 1) / step.magnitude) + 1
    _ = try Extents.count([steps])
    return [Tensor(shape: [steps], (0..<steps).map { Int64(first &+ $0 &* step) }).narrowed(to: start.dtype)]
  }

  private static func count(_ steps: Double) throws(Fault) -> Int {
    guard steps.isFinite, steps < Double(Extents.limit) else { throw .attribute("delta", "it gives \(steps) steps") }
    let count = max(0, Int(steps.rounded(.up)))
    return try Extents.count([count])
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Range.op, $0) }
