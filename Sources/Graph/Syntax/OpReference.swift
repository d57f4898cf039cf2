import Language

/// What a node calls, or what a body is.
public struct OpReference: Sendable {
  public enum Form: Sendable, Hashable {
    /// `image.load`
    case registered(String)
    /// `graph:taps`: a graph of the same file.
    case graph(String)
    /// `networks/vgg19.json`, `lib.json#name` or `models/scrfd.onnx`: the file's own graph, or one of its graphs.
    case file(path: String, graph: String?)

    /// Tells the forms apart: `graph:` in front; a slash, a `#` or the ending of a file; anything else is an op.
    public init(_ text: String) {
      if text.hasPrefix("graph:") {
        self = .graph(String(text.dropFirst(6)))
      } else if let hash = text.utf8.lastIndex(of: UInt8(ascii: "#")) {
        self = .file(path: String(text[..<hash]), graph: String(text[text.index(after: hash)...]))
      } else if text.utf8.contains(UInt8(ascii: "/")) || [".json", ".onnx"].contains(where: { text.hasSuffix($0) }) {
        self = .file(path: text, graph: nil)
      } else {
        self = .registered(text)
      }
    }
  }

  public enum Source: Sendable {
    case text(Form)
    /// Gives the text, or a model.
    case expression(Expression)
  }

  public let source: Source
  public let place: Place

  init?(_ member: JSONMember?, allowsExpression: Bool, reader: inout SyntaxReader) {
    guard let member else { return nil }
    let value = member.value
    if let text = value.text {
      guard let form = OpReference.check(text, key: member.key, at: value.place, reader: &reader) else { return nil }
      source = .text(form)
    } else {
      guard allowsExpression, value["$"] != nil else {
        let wanted = allowsExpression ? "a string or an expression" : "a string"
        reader.report(.wrongKind(for: JSON.quoted(member.key), wanted, value))
        return nil
      }
      guard let expression = Setting(value, reader: &reader)?.expression else { return nil }
      source = .expression(expression)
    }
    place = value.place
  }

  private static func check(_ text: String, key: String, at place: Place, reader: inout SyntaxReader) -> Form? {
    let form = Form(text)
    switch form {
    case .registered(""), .file("", _):
      reader.report(.emptyText(for: key, at: place))
      return nil
    case .graph(let name), .file(_, let name?):
      if isName(name) { return form }
      reader.report(.badName(name, kind: "graph", at: place))
      return nil
    default: return form
    }
  }
}
