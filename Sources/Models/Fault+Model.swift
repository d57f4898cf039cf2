import Glibc
import Language

/// Wording of what can be wrong with a file of tensors.
extension Fault {
  static func cannotOpen(_ file: String, _ error: Int32) -> Fault {
    Fault("file", "cannot read \(file): \(String(cString: strerror(error)))")
  }

  static func cannotWrite(_ file: String, _ error: Int32) -> Fault {
    Fault("file", "cannot write \(file): \(String(cString: strerror(error)))")
  }

  static func notAFile(_ file: String) -> Fault { Fault("file", "\(file) is not a regular file") }

  /// `line` is 0 where no line is to blame.
  static func badXML(_ file: String, _ line: Int, _ why: String) -> Fault {
    malformed(file, "XML", line > 0 ? "line \(line): \(why)" : why)
  }

  static func badCascade(_ file: String, _ line: Int?, _ why: String) -> Fault {
    malformed(file, "cascade", line.map { "line \($0): \(why)" } ?? why)
  }

  /// A file that breaks the rules of its format.
  static func malformed(_ file: String, _ format: String, _ why: String) -> Fault {
    Fault("model-file", "\(file) is not a valid \(format) file: \(why)")
  }

  /// A valid file that holds what cannot be read here.
  static func unsupported(_ file: String, _ why: String) -> Fault { Fault("model-file", "\(file): \(why)") }

  static func unknownTensor(_ name: String, _ file: String, _ names: some Sequence<String>) -> Fault {
    Fault("weights", "\(file) has no tensor \"\(name)\"\(Suggestion.phrase(for: name, in: names))")
  }

  static func unknownWeightFormat(_ file: String) -> Fault {
    Fault(
      "weights",
      "\(file) is not a weight file: it ends in none of .safetensors, .npz, .npy, .onnx and is no folder of .npy files; "
        + "Tools/convert turns other formats into .safetensors")
  }

  static func badJSON(_ why: String, _ at: Int) -> Fault { Fault("input", "bad JSON: \(why) at letter \(at + 1)") }
}
