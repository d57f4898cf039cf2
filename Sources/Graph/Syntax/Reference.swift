import Language

/// A value that a node uses: `node`, `node.port` or `@input`.
public struct Reference: Sendable {
  /// Of the node, or of the graph's input.
  public let name: String
  /// Everything after the first dot, verbatim; nil for a node that has but one output, and for inputs.
  public let port: String?
  public let isInput: Bool
  public let place: Place

  public init(name: String, port: String? = nil, isInput: Bool = false, place: Place) {
    self.name = name
    self.port = port
    self.isInput = isInput
    self.place = place
  }

  /// nil where `text` is not written like a reference.
  public init?(_ text: String, at place: Place) {
    if text.utf8.first == UInt8(ascii: "@") {
      let name = text.dropFirst()
      guard isName(name) else { return nil }
      self.init(name: String(name), isInput: true, place: place)
    } else if let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) {
      let port = text[text.index(after: dot)...]
      guard isName(text[..<dot]), !port.isEmpty else { return nil }
      self.init(name: String(text[..<dot]), port: String(port), place: place)
    } else {
      guard isName(text) else { return nil }
      self.init(name: text, place: place)
    }
  }

  /// As it was written.
  public var text: String {
    isInput || port != nil ? (isInput ? "@" : "") + name + (port.map { "." + $0 } ?? "") : name
  }
}

/// What feeds a port: one value, or several for a variadic port or a list.
public enum ReferenceTree: Sendable {
  case one(Reference)
  case list([ReferenceTree], Place)

  /// Of the string, or of the opening bracket.
  public var place: Place {
    switch self {
    case .one(let reference): reference.place
    case .list(_, let place): place
    }
  }

  /// Every reference, in file order.
  public var references: [Reference] {
    var found: [Reference] = []
    visit { found.append($0) }
    return found
  }

  /// Calls `body` with every reference, in file order.
  func visit(_ body: (Reference) -> Void) {
    switch self {
    case .one(let reference): body(reference)
    case .list(let items, _): for item in items { item.visit(body) }
    }
  }

  /// nil where nothing of it can be read. References that are wrong are left out of their list.
  /// - Parameter isPort: it feeds a port of a node, which might have been meant as a setting.
  init?(_ value: JSONValue, isPort: Bool, reader: inout SyntaxReader) {
    switch value.kind {
    case .string(let text):
      guard let reference = Reference(text, at: value.place) else {
        reader.report(.badReference(text, at: value.place))
        return nil
      }
      self = .one(reference)
    case .array(let elements):
      var items: [ReferenceTree] = []
      for element in elements {
        if let item = ReferenceTree(element, isPort: isPort, reader: &reader) { items.append(item) }
      }
      self = .list(items, value.place)
    default:
      reader.report(.literalReference(value, isPort: isPort))
      return nil
    }
  }
}

/// A port and what feeds it.
public struct PortBinding: Sendable {
  public let port: String
  public let portPlace: Place
  public let value: ReferenceTree

  static func read(_ member: JSONMember?, reader: inout SyntaxReader) -> [PortBinding] {
    var bindings: [PortBinding] = []
    for entry in reader.entries(member) {
      guard let value = ReferenceTree(entry.value, isPort: true, reader: &reader) else { continue }
      bindings.append(PortBinding(port: entry.key, portPlace: entry.keyPlace, value: value))
    }
    return bindings
  }
}
