import Language

/// The wording of what can be wrong with a save template.
extension Fault {
  static func strayBrace(at place: Place) -> Fault {
    Fault("template", "\"}\" closes nothing; a brace itself is written \"}}\"", at: place)
  }

  static func openBrace(at place: Place) -> Fault {
    Fault("template", "\"{\" is not closed; a brace itself is written \"{{\"", at: place)
  }

  static func badField(_ text: String, at place: Place) -> Fault {
    Fault(
      "template", "expected a field like {photo.stem} or {index:03}, found \(JSON.quoted("{" + text + "}"))", at: place)
  }

  static func badPadding(_ text: String, at place: Place) -> Fault {
    Fault("template", "expected a number of digits like 03 after \":\", found \(JSON.quoted(text))", at: place)
  }

  static func unknownField(_ name: String, at place: Place) -> Fault {
    Fault("template", "there is no field {\(name)}", at: place)
  }

  static func paddedField(_ name: String, _ value: Literal, at place: Place) -> Fault {
    Fault("template", "{\(name)} is \(value.kind); only an integer is padded with zeros", at: place)
  }

  static func unprintableField(_ name: String, _ value: Literal, at place: Place) -> Fault {
    Fault("template", "{\(name)} is \(value.kind), which cannot stand in a path", at: place)
  }

  static func emptyPath(at place: Place) -> Fault {
    Fault("template", "the path is empty", at: place)
  }

  static func absolutePath(_ path: String, at place: Place) -> Fault {
    Fault(
      "template", "the path \(JSON.quoted(path)) starts with \"/\"; outputs stay below the output folder", at: place)
  }

  static func unsafePath(_ path: String, part: String, at place: Place) -> Fault {
    part.isEmpty
      ? Fault("template", "the path \(JSON.quoted(path)) has an empty part", at: place)
      : Fault(
        "template", "the path \(JSON.quoted(path)) has a part \"\(part)\"; outputs stay below the output folder",
        at: place)
  }
}
