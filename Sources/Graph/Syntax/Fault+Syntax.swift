import Language

/// The wording of what can be wrong with the form of a graph file.
extension Fault {
  private static func described(_ value: JSONValue) -> String {
    value["$"] == nil ? value.described : "an expression"
  }

  static func wrongKind(for subject: String, _ wanted: String, _ found: JSONValue) -> Fault {
    Fault("wrong-kind", "expected \(wanted) for \(subject), found \(described(found))", at: found.place)
  }

  static func wrongWord(for key: String, _ words: [String], _ found: JSONValue) -> Fault {
    let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
    let hint = found.text.map { Suggestion.phrase(for: $0, in: words) } ?? ""
    return Fault(
      "wrong-kind", "expected one of \(list) for \"\(key)\", found \(described(found))\(hint)", at: found.place)
  }

  static func unknownKey(_ key: String, in subject: String, known: [String], at place: Place) -> Fault {
    Fault(
      "unknown-key", "unknown key \(JSON.quoted(key)) in \(subject)\(Suggestion.phrase(for: key, in: known))", at: place
    ).noting("keys: \(known.joined(separator: ", "))")
  }

  static func missingKey(_ key: String, in subject: String, at place: Place) -> Fault {
    Fault("missing-key", "\(subject) needs the key \"\(key)\"", at: place)
  }

  static func unknownFormat(_ format: String, at place: Place) -> Fault {
    Fault("format", "format \(format) is unknown; this program reads format 1", at: place)
  }

  static func badName(_ name: String, kind: String, at place: Place) -> Fault {
    Fault(
      "name", "\(JSON.quoted(name)) is no \(kind) name: small letters, digits and \"_\", a letter first", at: place)
  }

  static func duplicateName(_ name: String, at place: Place, first: Place) -> Fault {
    Fault("duplicate-name", "\"\(name)\" is the name of a param and of an input; both are set as \(name)=…", at: place)
      .noting("the other one", at: first)
  }

  static func nobodysParam(_ param: ParamDeclaration, _ names: [String]) -> Fault {
    Fault(
      "missing-key",
      "param \"\(param.name)\" needs the key \"type\": no file under \"*\" has such a param\(Suggestion.phrase(for: param.name, in: names))",
      at: param.place)
  }

  static func handOnWord(_ found: JSONValue) -> Fault {
    Fault(
      "wrong-kind",
      "expected \"same\" (all params of the same names) or \"given\" (those that were given a value) for \"*\", found \(described(found))",
      at: found.place)
  }

  static func duplicatePort(_ port: String, _ key: String, at place: Place, other: String, first: Place) -> Fault {
    Fault("duplicate-key", "\(JSON.quoted(port)) is given under \"\(key)\" and under \"\(other)\"", at: place)
      .noting("first given at", at: first)
  }

  static func badReference(_ text: String, at place: Place) -> Fault {
    Fault(
      "reference", "\(JSON.quoted(text)) is no reference: \"node\", \"node.port\" or \"@input\"", at: place)
  }

  static func literalReference(_ found: JSONValue, isPort: Bool) -> Fault {
    let fault = Fault(
      "reference", "expected a reference (\"node\", \"node.port\" or \"@input\"), found \(described(found))",
      at: found.place)
    return isPort ? fault.noting("values belong under \"with\"") : fault
  }

  static func emptyText(for key: String, at place: Place) -> Fault {
    Fault("wrong-kind", "\"\(key)\" is empty", at: place)
  }

  static func crowdedExpression(at place: Place) -> Fault {
    Fault("expression", "an object with \"$\" is an expression and has no other keys", at: place)
  }

  static func misplacedExpression(for key: String, at place: Place) -> Fault {
    Fault("expression", "\"\(key)\" cannot be an expression", at: place)
  }
}
