import Language

/// An output of a graph: `{"from": "node.port", …}`, or the reference alone.
public struct OutputDeclaration: Sendable {
  public let name: String
  public let place: Place
  public let from: ReferenceTree
  public let save: SaveDeclaration?
  /// May be absent.
  public let isOptional: Bool
  public let doc: String?

  /// An output of a foreign graph, which knows itself what feeds it.
  init(foreign name: String, at place: Place) {
    self.name = name
    self.place = place
    from = .list([], place)
    save = nil
    isOptional = false
    doc = nil
  }

  init?(_ member: JSONMember, reader: inout SyntaxReader) {
    name = member.key
    place = member.keyPlace
    if member.value.members == nil {
      guard let from = ReferenceTree(member.value, isPort: false, reader: &reader) else { return nil }
      self.from = from
      save = nil
      isOptional = false
      doc = nil
      return
    }
    let subject = "output \(JSON.quoted(member.key))"
    guard let fields = reader.fields(of: member.value, subject, keys: GraphKeys.output, required: ["from"]) else {
      return nil
    }
    let from = fields["from"].flatMap { ReferenceTree($0.value, isPort: false, reader: &reader) }
    save = SaveDeclaration(fields["save"], reader: &reader)
    isOptional = reader.bool(fields["optional"]) ?? false
    doc = reader.string(fields["doc"])?.value
    guard let from else { return nil }
    self.from = from
  }
}

/// How an output is saved: a template, or an object with a template under `path` and settings of the format.
public struct SaveDeclaration: Sendable {
  public enum Path: Sendable {
    case template(SaveTemplate)
    /// Gives the text of a template.
    case expression(Expression)
  }

  /// nil: under the output's own name.
  public let path: Path?
  /// What else the object holds: `quality`, `format`…
  public let settings: [SettingMember]
  public let place: Place

  init?(_ member: JSONMember?, reader: inout SyntaxReader) {
    guard let member else { return nil }
    place = member.value.place
    if let members = member.value.members, member.value["$"] == nil {
      path = SaveDeclaration.readPath(members.first { $0.key == "path" }, reader: &reader)
      settings = SettingMember.read(members.filter { $0.key != "path" }, reader: &reader)
      return
    }
    settings = []
    guard let path = SaveDeclaration.readPath(member, reader: &reader) else { return nil }
    self.path = path
  }

  private static func readPath(_ member: JSONMember?, reader: inout SyntaxReader) -> Path? {
    guard let member else { return nil }
    if let text = member.value.text {
      do throws(Fault) {
        return .template(try SaveTemplate.parse(text, columns: reader.columns(of: member.value)))
      } catch {
        reader.report(error)
        return nil
      }
    }
    guard member.value["$"] != nil else {
      reader.report(.wrongKind(for: JSON.quoted(member.key), "a template", member.value))
      return nil
    }
    return Setting(member.value, reader: &reader)?.expression.map { .expression($0) }
  }
}
