import Language

/// Turns JSON into the syntax tree and collects what is wrong on the way. Nothing stops it: a part that cannot be
/// read is left out, and the rest of the file is looked at all the same.
struct SyntaxReader {
  /// Of the file, for the places inside strings.
  let bytes: [UInt8]
  private(set) var faults: [Fault] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func report(_ fault: Fault) { faults.append(fault) }

  /// The members of an object by key. Reports unknown and missing keys.
  /// - Parameter subject: what the object is, for messages: `node "load"`.
  mutating func fields(
    of value: JSONValue, _ subject: @autoclosure () -> String, keys: [String], required: [String] = []
  ) -> Fields? {
    guard let members = value.members else {
      report(.wrongKind(for: subject(), "an object", value))
      return nil
    }
    var fields = Fields(members: members)
    // A key that is missing because it is mistyped is one mistake.
    var meant: Set<String> = []
    for member in members where !keys.contains(member.key) {
      report(.unknownKey(member.key, in: subject(), known: keys, at: member.keyPlace))
      if let key = Suggestion.nearest(to: member.key, in: keys) { meant.insert(key) }
      fields.members.removeAll { $0.key == member.key }
    }
    for key in required where fields[key] == nil && !meant.contains(key) {
      report(.missingKey(key, in: subject(), at: value.place))
    }
    return fields
  }

  /// The entries of an object whose keys are free.
  mutating func entries(_ member: JSONMember?) -> [JSONMember] {
    guard let member else { return [] }
    guard let members = member.value.members else {
      report(.wrongKind(for: JSON.quoted(member.key), "an object", member.value))
      return []
    }
    return members
  }

  /// The entries of an object that maps names to declarations; `kind` is what they declare: `node`.
  mutating func declarations(_ member: JSONMember?, _ kind: String) -> [JSONMember] {
    let entries = entries(member)
    for entry in entries { checkName(of: entry, kind) }
    return entries
  }

  mutating func checkName(of entry: JSONMember, _ kind: String) {
    if !isName(entry.key) { report(.badName(entry.key, kind: kind, at: entry.keyPlace)) }
  }

  mutating func string(_ member: JSONMember?) -> Located<String>? {
    guard let member else { return nil }
    guard let text = member.value.text else {
      report(.wrongKind(for: JSON.quoted(member.key), "a string", member.value))
      return nil
    }
    return Located(text, at: member.value.place)
  }

  mutating func bool(_ member: JSONMember?) -> Bool? {
    guard let member else { return nil }
    guard case .bool(let value) = member.value.kind else {
      report(.wrongKind(for: JSON.quoted(member.key), "true or false", member.value))
      return nil
    }
    return value
  }

  /// An integer from 1 on.
  mutating func count(_ member: JSONMember?, or word: String? = nil) -> Int? {
    guard let member else { return nil }
    if let word, member.value.text == word { return nil }
    guard case .number(let number) = member.value.kind, let value = number.int, value > 0 else {
      let wanted = "a whole number from 1 on" + (word.map { " or \"\($0)\"" } ?? "")
      report(.wrongKind(for: JSON.quoted(member.key), wanted, member.value))
      return nil
    }
    return value
  }

  /// One of the words that a type spells.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ member: JSONMember?, _: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let member else { return nil }
    let words = Choice.allCases.map(\.rawValue)
    guard let text = member.value.text, let choice = Choice(rawValue: text) else {
      report(.wrongWord(for: member.key, words, member.value))
      return nil
    }
    return choice
  }

  /// Where the characters of a string stand.
  func columns(of value: JSONValue) -> StringColumns {
    StringColumns(opening: value.place, range: value.range, in: bytes)
  }
}

/// The members of an object that takes certain keys. They are looked through: a declaration has few, and a dictionary for
/// each would cost more than all else about it.
struct Fields {
  fileprivate(set) var members: [JSONMember]

  subscript(key: String) -> JSONMember? { members.first { $0.key == key } }
}

/// `[a-z][a-z0-9_]*`
func isName(_ text: some StringProtocol) -> Bool {
  guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
  return text.utf8.allSatisfy {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      || $0 == UInt8(ascii: "_")
  }
}
