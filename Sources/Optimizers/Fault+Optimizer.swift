import Language

/// Wording of what can be wrong with the choice of an optimiser or its state.
extension Fault {
  static func unknownMethod(_ name: String, _ names: [String]) -> Fault {
    Fault(
      "param",
      "there is no optimiser \"\(name)\"\(Suggestion.phrase(for: name, in: names)); there are "
        + names.joined(separator: ", "))
  }

  static func missingSetting(_ method: String, _ param: Param) -> Fault {
    Fault("param", "\(method) needs the param \"\(param.name)\": \(param.expected)")
  }

  static func unknownSetting(_ method: String, _ key: String, _ names: [String]) -> Fault {
    Fault(
      "unknown-param",
      "\(method) has no param \"\(key)\"\(Suggestion.phrase(for: key, in: names)); it has "
        + names.joined(separator: ", "))
  }

  static func badSchedule(_ why: String) -> Fault { Fault("param", "param \"schedule\" \(why)") }

  static func badState(_ optimizer: String, _ why: String) -> Fault {
    Fault("optimizer-state", "the state is not one of \(optimizer) with these settings: \(why)")
  }
}
