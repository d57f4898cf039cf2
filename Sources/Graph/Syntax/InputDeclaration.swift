import Language

/// An input of a graph: `{"type": "file"}`, or the type alone.
public struct InputDeclaration: Sendable {
  public let name: String
  public let place: Place
  /// As written.
  public let type: Located<String>
  public let isOptional: Bool
  public let doc: String?

  init(_ port: ForeignPort, at place: Place) {
    name = port.name
    self.place = place
    type = Located(port.type.description, at: place)
    isOptional = port.isOptional
    doc = nil
  }

  init?(_ member: JSONMember, reader: inout SyntaxReader) {
    name = member.key
    place = member.keyPlace
    if let text = member.value.text {
      type = Located(text, at: member.value.place)
      isOptional = false
      doc = nil
      return
    }
    let subject = "input \(JSON.quoted(member.key))"
    guard member.value.members != nil else {
      reader.report(.wrongKind(for: subject, "a type or an object", member.value))
      return nil
    }
    guard let fields = reader.fields(of: member.value, subject, keys: GraphKeys.input, required: ["type"]) else {
      return nil
    }
    let type = reader.string(fields["type"])
    isOptional = reader.bool(fields["optional"]) ?? false
    doc = reader.string(fields["doc"])?.value
    guard let type else { return nil }
    self.type = type
  }
}
