import Language

/// What `check` prints: faults in file order, each once, as text and as data.
public enum Diagnostics {
  /// By place; faults without one come first. What is said twice stands once.
  public static func sorted(_ faults: [Fault]) -> [Fault] {
    struct Said: Hashable {
      let place: Place?
      let severity: Fault.Severity
      let code: String
      let message: String
    }
    var seen: Set<Said> = []
    let unique = faults.filter { fault in
      // A fault in a graph that is opened several times is one fault, whatever the notes say.
      seen.insert(Said(place: fault.place, severity: fault.severity, code: fault.code, message: fault.message)).inserted
    }
    return unique.enumerated().sorted { a, b in
      switch (a.element.place, b.element.place) {
      case (let x?, let y?) where x != y: x < y
      case (nil, _?): true
      case (_?, nil): false
      default: a.offset < b.offset
      }
    }.map(\.element)
  }

  /// One fault after the other, each line ended by a line feed; empty without faults.
  public static func text(_ faults: [Fault]) -> String {
    sorted(faults).map { $0.text + "\n" }.joined()
  }

  /// `2 errors, 1 warning`; empty without faults.
  public static func summary(_ faults: [Fault]) -> String {
    let errors = sorted(faults).count { $0.severity == .error }
    let warnings = sorted(faults).count - errors
    func counted(_ count: Int, _ word: String) -> [String] {
      count == 0 ? [] : ["\(count) \(word)" + (count == 1 ? "" : "s")]
    }
    return (counted(errors, "error") + counted(warnings, "warning")).joined(separator: ", ")
  }

  /// An array of `{"severity", "code", "message", "file"?, "line"?, "column"?, "notes"?: [{"text", "file"?, …}]}`.
  public static func json(_ faults: [Fault]) -> JSONValue {
    value(
      .array(
        sorted(faults).map { fault in
          var members = [
            member("severity", .string(fault.severity.rawValue)), member("code", .string(fault.code)),
            member("message", .string(fault.message)),
          ]
          members += position(fault.place)
          if !fault.notes.isEmpty {
            members.append(
              member(
                "notes",
                .array(
                  fault.notes.map { note in
                    value(.object([member("text", .string(note.text))] + position(note.place)))
                  })))
          }
          return value(.object(members))
        }))
  }

  private static func position(_ place: Place?) -> [JSONMember] {
    guard let place else { return [] }
    return [
      member("file", .string(place.file)), member("line", .number(JSONNumber(place.line))),
      member("column", .number(JSONNumber(place.column))),
    ]
  }

  /// Of values that were made, not read.
  private static let nowhere = Place(file: "", line: 1, column: 1)

  private static func value(_ kind: JSONValue.Kind) -> JSONValue { JSONValue(kind, at: nowhere) }

  private static func member(_ key: String, _ kind: JSONValue.Kind) -> JSONMember {
    JSONMember(key, at: nowhere, value(kind))
  }
}
