import Language
import Tensors

/// ONNX Clip: min(max(x, lower), upper) of all numbers, with the bounds as attributes (version 6) or scalar inputs (11 to 13).
enum Clip {
  static let op = OnnxOperator.make(
    "Clip", "x kept between two bounds.", "input min? max?", "output",
    [.attribute("min", float: nil), .attribute("max", float: nil)], infer: Inference.like("input")
  ) { call throws(Fault) in
    let x = try call.tensor("input")
    var result = x
    if let lower = try bound("min", x, call) { result = try Larger.run(result, lower, ("input", "min")) }
    if let upper = try bound("max", x, call) { result = try Smaller.run(result, upper, ("input", "max")) }
    return [try result.expanded(to: x.shape)]
  }

  private static func bound(_ name: String, _ x: Tensor, _ call: HostCall) throws(Fault) -> Tensor? {
    if let number = call.number(name) { return Tensor(shape: [], [number]).narrowed(to: x.dtype) }
    guard let bound = try call.optional(name) else { return nil }
    guard bound.count == 1 else { throw .notOneNumber(name, bound.count) }
    return bound.reshaped([])
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Clip.op, $0) }
