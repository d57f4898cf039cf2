import Language

/// Wording of what can go wrong in host ops, where no family has words of its own.
extension Fault {
  static func wrongValue(_ port: String, _ wanted: String, _ value: Value?) -> Fault {
    .failed("port \"\(port)\" needs a \(wanted), but \(value.map { "\($0.kind)" } ?? "nothing") arrived")
  }

  static func badColour(_ param: String, _ text: String) -> Fault {
    .params(
      "param \"\(param)\" is no colour: \"\(text)\"; a colour is a name (white, black, grey, red, green, blue, yellow, "
        + "transparent), #rgb, #rrggbb or #rrggbbaa")
  }
}
