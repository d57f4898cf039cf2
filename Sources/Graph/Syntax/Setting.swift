import Language

/// A literal as it is written under `with` and the like, any part of which may be `{"$": "expression"}`.
public struct Setting: Sendable {
  public enum Form: Sendable {
    /// Anything but an array or an object.
    case scalar(Literal)
    case array([Setting])
    case object([SettingMember])
    indirect case expression(Expression)
  }

  public let form: Form
  public let place: Place

  /// Whether an expression is in it.
  var isComputed: Bool {
    switch form {
    case .scalar: false
    case .array(let items): items.contains(where: \.isComputed)
    case .object(let members): members.contains(where: \.value.isComputed)
    case .expression: true
    }
  }

  public init(_ form: Form, at place: Place) {
    self.form = form
    self.place = place
  }

  public var members: [SettingMember]? {
    if case .object(let members) = form { members } else { nil }
  }

  public var expression: Expression? {
    if case .expression(let expression) = form { expression } else { nil }
  }

  /// The params it reads, each use in file order.
  public var names: [(name: String, place: Place)] {
    switch form {
    case .scalar: []
    case .array(let items): items.flatMap(\.names)
    case .object(let members): members.flatMap(\.value.names)
    case .expression(let expression): expression.names
    }
  }

  /// The literal, with expressions evaluated. Throws the first fault of an expression.
  public func evaluate(in environment: [String: Literal]) throws(Fault) -> Literal {
    switch form {
    case .scalar(let value): return value
    case .array(let items):
      var values: [Literal] = []
      for item in items { values.append(try item.evaluate(in: environment)) }
      return .array(values)
    case .object(let members):
      var fields: [String: Literal] = [:]
      for member in members { fields[member.key] = try member.value.evaluate(in: environment) }
      return .object(fields)
    case .expression(let expression): return try expression.evaluate(in: environment)
    }
  }

  /// nil where it is a broken expression; broken parts of arrays and objects are left out.
  init?(_ value: JSONValue, reader: inout SyntaxReader) {
    place = value.place
    switch value.kind {
    case .null: form = .scalar(.null)
    case .bool(let flag): form = .scalar(.bool(flag))
    case .number(let number): form = .scalar(number.int.map { .int($0) } ?? .float(number.double))
    case .string(let text): form = .scalar(.string(text))
    case .array(let elements):
      var items: [Setting] = []
      for element in elements {
        if let item = Setting(element, reader: &reader) { items.append(item) }
      }
      form = .array(items)
    case .object(let members):
      if let dollar = members.first(where: { $0.key == "$" }) {
        if members.count > 1 { reader.report(.crowdedExpression(at: value.place)) }
        guard let expression = Setting.readExpression(dollar, reader: &reader) else { return nil }
        form = .expression(expression)
      } else {
        form = .object(SettingMember.read(members, reader: &reader))
      }
    }
  }

  private static func readExpression(_ member: JSONMember, reader: inout SyntaxReader) -> Expression? {
    guard let text = reader.string(member)?.value else { return nil }
    do throws(Fault) {
      return try Expression.parse(text, columns: reader.columns(of: member.value))
    } catch {
      reader.report(error)
      return nil
    }
  }

  /// The setting of a key, which must have one of the forms that `isAllowed` takes (an expression always may stand).
  static func read(
    _ member: JSONMember?, _ wanted: String, reader: inout SyntaxReader, isAllowed: (Form) -> Bool
  ) -> Setting? {
    guard let member, let setting = Setting(member.value, reader: &reader) else { return nil }
    if setting.expression == nil, !isAllowed(setting.form) {
      reader.report(.wrongKind(for: JSON.quoted(member.key), wanted, member.value))
      return nil
    }
    return setting
  }

  /// A literal that may not read params: nil, and reported, where it does.
  static func readLiteral(_ member: JSONMember?, reader: inout SyntaxReader) -> Located<Literal>? {
    guard let member, let setting = Setting(member.value, reader: &reader) else { return nil }
    guard setting.isConstant, let value = try? setting.evaluate(in: [:]) else {
      reader.report(.misplacedExpression(for: member.key, at: setting.place))
      return nil
    }
    return Located(value, at: setting.place)
  }

  private var isConstant: Bool {
    switch form {
    case .scalar: true
    case .array(let items): items.allSatisfy(\.isConstant)
    case .object(let members): members.allSatisfy(\.value.isConstant)
    case .expression: false
    }
  }
}

/// A key with its setting.
public struct SettingMember: Sendable {
  public let key: String
  public let keyPlace: Place
  public let value: Setting

  static func read(_ members: [JSONMember], reader: inout SyntaxReader) -> [SettingMember] {
    var settings: [SettingMember] = []
    for member in members {
      guard let value = Setting(member.value, reader: &reader) else { continue }
      settings.append(SettingMember(key: member.key, keyPlace: member.keyPlace, value: value))
    }
    return settings
  }
}
