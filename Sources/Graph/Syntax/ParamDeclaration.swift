import Language

/// A param of a file. Whether default, bounds and choices are of the type is for the checker to say.
public struct ParamDeclaration: Sendable {
  public let name: String
  public let place: Place
  /// As written.
  public let type: Located<String>
  public let defaultValue: Located<Literal>?
  public let minimum: Located<Literal>?
  public let maximum: Located<Literal>?
  public let choices: [Located<Literal>]?
  public let doc: String?

  init?(_ member: JSONMember, reader: inout SyntaxReader) {
    let subject = "param \(JSON.quoted(member.key))"
    guard let fields = reader.fields(of: member.value, subject, keys: GraphKeys.param, required: ["type"]) else {
      return nil
    }
    name = member.key
    place = member.keyPlace
    let type = reader.string(fields["type"])
    defaultValue = Setting.readLiteral(fields["default"], reader: &reader)
    minimum = ParamDeclaration.readBound(fields["min"], reader: &reader)
    maximum = ParamDeclaration.readBound(fields["max"], reader: &reader)
    choices = ParamDeclaration.readChoices(fields["choices"], reader: &reader)
    doc = reader.string(fields["doc"])?.value
    guard let type else { return nil }
    self.type = type
  }

  private static func readBound(_ member: JSONMember?, reader: inout SyntaxReader) -> Located<Literal>? {
    guard let member else { return nil }
    guard case .number = member.value.kind else {
      reader.report(.wrongKind(for: JSON.quoted(member.key), "a number", member.value))
      return nil
    }
    return Setting.readLiteral(member, reader: &reader)
  }

  private static func readChoices(_ member: JSONMember?, reader: inout SyntaxReader) -> [Located<Literal>]? {
    guard let member else { return nil }
    guard let elements = member.value.elements, !elements.isEmpty else {
      reader.report(.wrongKind(for: JSON.quoted(member.key), "a list of one value or more", member.value))
      return nil
    }
    var choices: [Located<Literal>] = []
    for element in elements {
      let entry = JSONMember(member.key, at: element.place, element)
      if let choice = Setting.readLiteral(entry, reader: &reader) { choices.append(choice) }
    }
    return choices
  }
}
