import Language

/// Wording of what can go wrong when values are written to files or read from a command line.
extension Fault {
  static func unknownSaveSetting(_ name: String, _ names: [String]) -> Fault {
    Fault(
      "save",
      "\"save\" has no setting \"\(name)\"\(Suggestion.phrase(for: name, in: names)); it has path, "
        + names.joined(separator: ", "))
  }

  static func unknownSaveFormat(_ path: String) -> Fault {
    Fault(
      "save",
      "cannot tell a format from the name \(path): it must end in "
        + Saver.Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", "))
  }

  static func cannotSave(_ what: String, _ path: String, _ format: String) -> Fault {
    Fault("save", "cannot write \(what) as \(format) (\(path))")
  }

  static func badTable(_ name: String, _ why: String) -> Fault { Fault("table", "\(name): \(why)") }

  static func badInput(_ name: String, _ text: String, _ type: ValueType, _ why: String = "") -> Fault {
    Fault("input", "\(name) takes \(type), not \"\(text)\"\(why.isEmpty ? "" : ": \(why)")")
  }

  static func noSuchFile(_ name: String, _ path: String, _ suggestion: String) -> Fault {
    Fault("missing-file", "\(name): there is no file \"\(path)\"\(suggestion)")
  }

  static func noMatch(_ name: String, _ pattern: String) -> Fault {
    Fault("missing-file", "\(name): no file matches \"\(pattern)\"")
  }

  static func emptyFolder(_ name: String, _ path: String) -> Fault {
    Fault("missing-file", "\(name): the folder \"\(path)\" holds no files")
  }

  static func unsupportedInput(_ name: String, _ type: ValueType) -> Fault {
    Fault("input", "\(name): a value of type \(type) cannot be given on the command line")
  }
}
