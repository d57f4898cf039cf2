import Language

/// What a node says beside `op`, `in`, `with` and `doc`. Most nodes say none of it, and of a hundred thousand each would
/// carry a kilobyte of nothing.
final class FurtherKeys: Sendable {
  let each: [PortBinding]
  let handsOn: Located<NodeDeclaration.HandOn>?
  let weights: WeightsBinding?
  let taps: Setting?
  let body: OpReference?
  let validate: OpReference?
  let then: OpReference?
  let otherwise: OpReference?
  let loss: Located<String>?
  let wrt: [PortBinding]
  let state: [PortBinding]
  let until: Setting?
  let keep: Setting?
  let checkpoint: Setting?
  let saveEvery: Setting?
  let policy: FlatGraph.Policy
  let expect: [NodeDeclaration.Expectation]
  let keyPlaces: NodeDeclaration.KeyPlaces

  init(_ fields: Fields, _ handsOn: Located<NodeDeclaration.HandOn>?, reader: inout SyntaxReader) {
    self.handsOn = handsOn
    keyPlaces = NodeDeclaration.KeyPlaces(places: fields.members.map { ($0.key, $0.keyPlace) })
    each = PortBinding.read(fields["each"], reader: &reader)
    weights = WeightsBinding(fields["weights"], reader: &reader)
    taps = FurtherKeys.readTaps(fields["taps"], reader: &reader)
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
    policy = FurtherKeys.readPolicy(fields, reader: &reader)
    expect = FurtherKeys.readExpectations(fields["expect"], reader: &reader)
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

  private static func readExpectations(_ member: JSONMember?, reader: inout SyntaxReader) -> [NodeDeclaration
    .Expectation]
  {
    var expectations: [NodeDeclaration.Expectation] = []
    for entry in reader.entries(member) {
      guard let type = reader.string(entry) else { continue }
      expectations.append(NodeDeclaration.Expectation(port: entry.key, portPlace: entry.keyPlace, type: type))
    }
    return expectations
  }
}

extension Setting.Form {
  var isObject: Bool {
    if case .object = self { true } else { false }
  }
}
