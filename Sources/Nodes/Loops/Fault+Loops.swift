import Language
import Tensors

/// Wording of what can be wrong with loops.
extension Fault {
  static func badClamp(_ ends: [Double]) -> Fault {
    .params("param \"clamp\" takes [low, high] with low at most high, not \(ends)")
  }

  static func badPenalty(_ why: String) -> Fault { .params("param \"l2\" \(why)") }

  static func noSuchMonitor(_ name: String, _ names: [String]) -> Fault {
    .params(
      "param \"monitor\": the graph under \"validate\" has no single number \"\(name)\""
        + "\(Suggestion.phrase(for: name, in: names)); it has \(names.joined(separator: ", "))")
  }

  static func measuredNothing() -> Fault {
    .params("the graph under \"validate\" has no output that is a single number")
  }

  static func wrtElement(_ name: String, _ type: String) -> Fault {
    .type("\"wrt\" takes f32 tensors, but \"\(name)\" is \(type)")
  }

  static func noSuchColumn(_ name: String, _ names: [String]) -> Fault {
    .params(
      "param \"log\": the body has no output \"\(name)\"\(Suggestion.phrase(for: name, in: names)); it has "
        + names.joined(separator: ", "))
  }

  static func noSuchTensor(_ name: String, _ names: [String]) -> Fault {
    .params(
      "param \"at\": the body has no output \"\(name)\"\(Suggestion.phrase(for: name, in: names)); it has "
        + names.joined(separator: ", "))
  }

  static func columnNotScalar(_ name: String, _ type: String) -> Fault {
    .params("param \"log\": \"\(name)\" is \(type); a column takes a single number")
  }

  static func lossNotFinite(_ loss: String, _ value: Double, step: UInt64) -> Fault {
    Fault(
      "diverged",
      "the loss \"\(loss)\" is \(value) at step \(step); a smaller lr, or clamp, may keep it finite")
  }

  static func gradientNotFinite(_ loss: String, step: UInt64) -> Fault {
    Fault("diverged", "the gradient of the loss \"\(loss)\" is not finite at step \(step)")
  }

  static func memoryNotPortable(_ method: String) -> Fault {
    .params("the memory of \"\(method)\" cannot be given on; that of adam, adamw and sgd can")
  }

  static func memoryCount(_ method: String, _ count: Int, _ wanted: Int) -> Fault {
    .failed("port \"memory\": \(count) values where \"\(method)\" remembers \(wanted)")
  }

  static func memoryMisfit(_ method: String, _ name: String, _ value: Value, _ shape: [Int]) -> Fault {
    let found =
      if case .tensor(let tensor) = value { "\(tensor.dtype.rawValue)\(tensor.shape)" } else { "\(value.kind)" }
    return .failed("port \"memory\": \"\(name)\" of \"\(method)\" is \(found) where f32\(shape) is needed")
  }

  static func memoryOfMany(_ names: [String]) -> Fault {
    .params("the optimiser's memory goes on for one tensor only, not for \(names.joined(separator: ", "))")
  }

  static func badLoopState(_ why: String) -> Fault {
    Fault("loop-state", "the saved state does not fit this loop: \(why)")
  }
}
