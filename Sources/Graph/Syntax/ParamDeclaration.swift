import Language

/// A param of a file. Whether default, bounds and choices are of the type is for the checker to say.
public struct ParamDeclaration: Sendable {
  public let name: String
  public let place: Place
  /// As written; empty in a file as parsed where a file that it takes params from has to give it.
  public private(set) var type: Located<String>
  public private(set) var defaultValue: Located<Literal>?
  public private(set) var minimum: Located<Literal>?
  public private(set) var maximum: Located<Literal>?
  public private(set) var choices: [Located<Literal>]?
  public private(set) var doc: String?

  /// - Parameter inherits: whether the file takes params from others: then only what differs need be written.
  init?(_ member: JSONMember, inherits: Bool, reader: inout SyntaxReader) {
    let subject = "param \(JSON.quoted(member.key))"
    let required = inherits ? [] : ["type"]
    guard let fields = reader.fields(of: member.value, subject, keys: GraphKeys.param, required: required) else {
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
    guard let type = type ?? (inherits && fields["type"] == nil ? Located("", at: place) : nil) else { return nil }
    self.type = type
  }

  /// Whether another file has to say what the param is.
  var isPartial: Bool { type.value.isEmpty }

  /// A declaration without a type takes whatever it leaves out from the other one.
  func completed(by other: ParamDeclaration) -> ParamDeclaration {
    guard isPartial else { return self }
    var result = self
    result.type = other.type
    result.defaultValue = defaultValue ?? other.defaultValue
    result.minimum = minimum ?? other.minimum
    result.maximum = maximum ?? other.maximum
    result.choices = choices ?? other.choices
    result.doc = doc ?? other.doc
    return result
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
