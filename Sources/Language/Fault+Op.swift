/// Wording of what can be wrong with the use of an op.
extension Fault {
  static func badType(_ text: String, _ why: String) -> Fault { Fault("type-syntax", "bad type \"\(text)\": \(why)") }

  static func paramKind(_ name: String, _ expected: String, _ value: Literal) -> Fault {
    Fault("param", "param \"\(name)\" takes \(expected), not \(value.kind)")
  }

  static func paramRange(_ name: String, _ value: Literal, _ range: String) -> Fault {
    Fault("param", "param \"\(name)\" must be \(range), but is \(value)")
  }

  static func paramChoice(_ name: String, _ word: String, _ words: [String]) -> Fault {
    Fault(
      "param",
      "param \"\(name)\" cannot be \"\(word)\"\(Suggestion.phrase(for: word, in: words)); it is one of "
        + words.map { "\"\($0)\"" }.joined(separator: ", "))
  }

  static func paramCount(_ name: String, _ count: Int, _ counts: [Int]) -> Fault {
    let words = (counts.contains(1) ? [] : ["one"]) + counts.map(String.init)
    return Fault("param", "param \"\(name)\" takes \(words.joined(separator: " or ")) numbers, not \(count)")
  }

  /// A shape rule's complaint.
  public static func shape(_ message: String) -> Fault { Fault("shape", message) }

  /// A type rule's complaint.
  public static func type(_ message: String) -> Fault { Fault("type", message) }

  /// A params rule's complaint, where no single param is out of its range.
  public static func params(_ message: String) -> Fault { Fault("param", message) }

  /// What is wrong with a table that renames the tensors of a file.
  public static func badRename(_ file: String, _ why: String) -> Fault {
    Fault("weights", "rename of \(file): \(why)")
  }

  /// A host op's failure while running.
  public static func failed(_ message: String) -> Fault { Fault("run", message) }

  public static func notDifferentiable(_ op: String) -> Fault {
    Fault("gradient", "\(op) has no gradient, but the loss depends on what is optimised through it")
  }

  static func streamElement(_ source: String, _ position: Int, _ found: String, _ declared: String) -> Fault {
    Fault("data", "element \(position) of \(source) is \(found), not \(declared)")
  }

  static func unknownOp(_ name: String, _ names: some Sequence<String>) -> Fault {
    Fault("unknown-op", "there is no op \"\(name)\"\(Suggestion.phrase(for: name, in: names))")
  }
}
