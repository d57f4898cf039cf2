import Language

/// A use of an op, as written. Which keys its op takes is for the checker to say. A class, because it is large and much
/// handed on.
public final class NodeDeclaration: Sendable {
  public let name: String
  public let place: Place
  /// nil where it is missing or broken, which is reported.
  public let op: OpReference?
  public let inputs: [PortBinding]
  public let each: [PortBinding]
  public let settings: [SettingMember]
  /// `"*"` under `with`: which params of this file a called file gets besides.
  let handsOn: Located<HandOn>?
  public let weights: WeightsBinding?
  /// An array, or an expression.
  public let taps: Setting?
  public let body: OpReference?
  public let validate: OpReference?
  public let then: OpReference?
  public let otherwise: OpReference?
  /// A port of the body.
  public let loss: Located<String>?
  public let wrt: [PortBinding]
  public let state: [PortBinding]
  /// An object, or an expression.
  public let until: Setting?
  /// An object, or an expression.
  public let keep: Setting?
  public let checkpoint: Setting?
  public let saveEvery: Setting?
  public let policy: FlatGraph.Policy
  public let expect: [Expectation]
  public let doc: String?
  /// Of every key that is given.
  public let keyPlaces: KeyPlaces

  /// What `"*"` under `with` hands on, of the params that both files have.
  enum HandOn: String {
    /// All of them.
    case same
    /// Those that this file was given a value for; the others keep the called file's defaults.
    case given
  }

  /// Where the keys stand that are given.
  public struct KeyPlaces: Sendable {
    let places: [(key: String, place: Place)]

    public subscript(key: String) -> Place? { places.first { $0.key == key }?.place }
  }

  /// The declared type of a port.
  public struct Expectation: Sendable {
    public let port: String
    public let portPlace: Place
    /// As written.
    public let type: Located<String>
  }

  init?(_ member: JSONMember, reader: inout SyntaxReader) {
    let subject = "node \(JSON.quoted(member.key))"
    guard let fields = reader.fields(of: member.value, subject, keys: GraphKeys.node, required: ["op"]) else {
      return nil
    }
    name = member.key
    place = member.keyPlace
    keyPlaces = KeyPlaces(places: fields.members.map { ($0.key, $0.keyPlace) })
    op = OpReference(fields["op"], allowsExpression: true, reader: &reader)
    inputs = PortBinding.read(fields["in"], reader: &reader)
    each = PortBinding.read(fields["each"], reader: &reader)
    (settings, handsOn) = NodeDeclaration.readSettings(fields["with"], reader: &reader)
    weights = WeightsBinding(fields["weights"], reader: &reader)
    taps = NodeDeclaration.readTaps(fields["taps"], reader: &reader)
    body = OpReference(fields["body"], allowsExpression: false, reader: &reader)
    validate = OpReference(fields["validate"], allowsExpression: false, reader: &reader)
    then = OpReference(fields["then"], allowsExpression: false, reader: &reader)
    otherwise = OpReference(fields["else"], allowsExpression: false, reader: &reader)
    loss = reader.string(fields["loss"])
    wrt = PortBinding.read(fields["wrt"], reader: &reader)
    state = PortBinding.read(fields["state"], reader: &reader)
    until = Setting.read(fields["until"], "an object", reader: &reader) { $0.isObject }
    keep = Setting.read(fields["keep"], "an object", reader: &reader) { $0.isObject }
    checkpoint = Setting.read(fields["checkpoint"], "an object, a number or false", reader: &reader) { form in
      switch form {
      case .object, .scalar(.int), .scalar(.bool): true
      default: false
      }
    }
    saveEvery = Setting.read(fields["save_every"], "a whole number", reader: &reader) { form in
      if case .scalar(.int) = form { true } else { false }
    }
    policy = NodeDeclaration.readPolicy(fields, reader: &reader)
    expect = NodeDeclaration.readExpectations(fields["expect"], reader: &reader)
    doc = reader.string(fields["doc"])?.value
    reportPortsGivenTwice(reader: &reader)
  }

  private static func readSettings(
    _ member: JSONMember?, reader: inout SyntaxReader
  ) -> ([SettingMember], Located<HandOn>?) {
    if let member, member.value["$"] != nil {
      reader.report(.misplacedExpression(for: member.key, at: member.value.place))
      return ([], nil)
    }
    var entries = reader.entries(member)
    var handsOn: Located<HandOn>?
    if let star = entries.firstIndex(where: { $0.key == "*" }).map({ entries.remove(at: $0) }) {
      if let which = star.value.text.flatMap(HandOn.init) {
        handsOn = Located(which, at: star.keyPlace)
      } else {
        reader.report(.handOnWord(star.value))
      }
    }
    return (SettingMember.read(entries, reader: &reader), handsOn)
  }

  private static func readTaps(_ member: JSONMember?, reader: inout SyntaxReader) -> Setting? {
    let taps = Setting.read(member, "a list of names", reader: &reader) { form in
      if case .array = form { true } else { false }
    }
    for element in member?.value.elements ?? [] where element.text == nil && element["$"] == nil {
      reader.report(.wrongKind(for: "a tap", "a name", element))
    }
    return taps
  }

  private static func readPolicy(_ fields: Fields, reader: inout SyntaxReader) -> FlatGraph.Policy {
    FlatGraph.Policy(
      cache: reader.choice(fields["cache"], FlatGraph.Policy.Cache.self) ?? .auto,
      onError: reader.choice(fields["on_error"], FlatGraph.Policy.OnError.self) ?? .fail,
      inflight: reader.count(fields["inflight"]), batch: reader.count(fields["batch"], or: "auto"),
      stream: reader.string(fields["stream"])?.value)
  }

  private static func readExpectations(_ member: JSONMember?, reader: inout SyntaxReader) -> [Expectation] {
    var expectations: [Expectation] = []
    for entry in reader.entries(member) {
      guard let type = reader.string(entry) else { continue }
      expectations.append(Expectation(port: entry.key, portPlace: entry.keyPlace, type: type))
    }
    return expectations
  }

  /// One port has one source, whichever key names it.
  private func reportPortsGivenTwice(reader: inout SyntaxReader) {
    guard inputs.count + each.count + wrt.count + state.count > 1 else { return }
    var seen: [String: (key: String, place: Place)] = [:]
    for (key, bindings) in [("in", inputs), ("each", each), ("wrt", wrt), ("state", state)] {
      for binding in bindings {
        guard let first = seen[binding.port] else {
          seen[binding.port] = (key, binding.portPlace)
          continue
        }
        let (later, earlier) =
          binding.portPlace < first.place
          ? (first, (key: key, place: binding.portPlace)) : ((key: key, place: binding.portPlace), first)
        reader.report(
          .duplicatePort(binding.port, later.key, at: later.place, other: earlier.key, first: earlier.place))
      }
    }
  }
}

extension Setting.Form {
  var isObject: Bool {
    if case .object = self { true } else { false }
  }
}
