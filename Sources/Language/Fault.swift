/// One thing that is wrong, as data. The wording of each kind stands in the `Fault+….swift` file of the layer that
/// finds it, never at the place that throws.
public struct Fault: Error, Sendable, Hashable {
  public enum Severity: String, Sendable { case error, warning }

  /// A further line under the message, perhaps about another place.
  public struct Note: Sendable, Hashable {
    public let text: String
    public let place: Place?

    public init(_ text: String, at place: Place? = nil) {
      self.text = text
      self.place = place
    }
  }

  /// A short stable name of the kind, printed in brackets: `shape`, `unknown-op`, `syntax`…
  public let code: String
  public var message: String
  public var severity: Severity
  /// Where in the graph file; absent for faults that no file position belongs to.
  public var place: Place?
  public var notes: [Note]

  public init(
    _ code: String, _ message: String, at place: Place? = nil, severity: Severity = .error, notes: [Note] = []
  ) {
    self.code = code
    self.message = message
    self.severity = severity
    self.place = place
    self.notes = notes
  }

  /// The fault placed at `place`, unless it knows its place already.
  public func at(_ place: Place?) -> Fault {
    var fault = self
    if fault.place == nil { fault.place = place }
    return fault
  }

  public func noting(_ text: String, at place: Place? = nil) -> Fault {
    var fault = self
    fault.notes.append(Note(text, at: place))
    return fault
  }

  /// `file:line:column: error[code]: message`, then the notes, indented, each with its own position at the end.
  public var text: String {
    let head = (place.map { "\($0): " } ?? "") + "\(severity.rawValue)[\(code)]: \(message)"
    return notes.reduce(head) { text, note in
      text + "\n   " + note.text + (note.place.map { "   \($0)" } ?? "")
    }
  }
}

extension Fault: CustomStringConvertible {
  public var description: String { text }
}
