import Language

/// Wording of what can be wrong with weights while a graph runs.
extension Fault {
  static func noSuchWeight(_ name: String, _ source: String, _ names: [String]) -> Fault {
    Fault(
      "weights",
      "\(source) holds no \"\(name)\"\(Suggestion.phrase(for: name, in: names)); it holds \(names.count) tensors, "
        + names.prefix(3).joined(separator: ", ") + (names.count > 3 ? "…" : ""))
  }

  static func weightShape(_ name: String, _ source: String, found: [Int], wanted: [Int]) -> Fault {
    Fault("weights", "\"\(name)\" of \(source) is \(found), but the network needs \(wanted)")
  }

  static func badRename(_ what: String) -> Fault {
    .params("param \"rename\" takes an object of names, {\"in the file\": \"in the network\"}, but \(what)")
  }

  static func badInitialiser(_ name: String, _ what: String) -> Fault {
    .params("param \"initialise\": \"\(name)\" \(what)")
  }
}
