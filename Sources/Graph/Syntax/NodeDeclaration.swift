import Language

/// A use of an op, as written. Which keys its op takes is for the checker to say. A class, because it is large and much
/// handed on.
public final class NodeDeclaration: Sendable {
  public let name: String
  public let place: Place
  /// nil where it is missing or broken, which is reported.
  public let op: OpReference?
  public let inputs: [PortBinding]
  public let settings: [SettingMember]
  /// Of the key `with`.
  let settingsPlace: Place?
  public let doc: String?
  /// nil for a node with none of the keys that it holds, as most are.
  private let further: FurtherKeys?

  public var each: [PortBinding] { further?.each ?? [] }
  /// `"*"` under `with`: which params of this file a called file gets besides.
  var handsOn: Located<HandOn>? { further?.handsOn }
  public var weights: WeightsBinding? { further?.weights }
  /// An array, or an expression.
  public var taps: Setting? { further?.taps }
  public var body: OpReference? { further?.body }
  public var validate: OpReference? { further?.validate }
  public var then: OpReference? { further?.then }
  public var otherwise: OpReference? { further?.otherwise }
  /// A port of the body.
  public var loss: Located<String>? { further?.loss }
  public var wrt: [PortBinding] { further?.wrt ?? [] }
  public var state: [PortBinding] { further?.state ?? [] }
  /// An object, or an expression.
  public var until: Setting? { further?.until }
  /// An object, or an expression.
  public var keep: Setting? { further?.keep }
  public var checkpoint: Setting? { further?.checkpoint }
  public var saveEvery: Setting? { further?.saveEvery }
  public var policy: FlatGraph.Policy { further?.policy ?? FlatGraph.Policy() }
  public var expect: [Expectation] { further?.expect ?? [] }
  /// Of the keys that are given, where there are any beside `op`, `in`, `with` and `doc`.
  public var keyPlaces: KeyPlaces { further?.keyPlaces ?? KeyPlaces(places: []) }

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
    guard
      let fields = reader.fields(
        of: member.value, "node \(JSON.quoted(member.key))", keys: GraphKeys.node, required: ["op"])
    else { return nil }
    name = member.key
    place = member.keyPlace
    op = OpReference(fields["op"], allowsExpression: true, reader: &reader)
    inputs = PortBinding.read(fields["in"], reader: &reader)
    let with = fields["with"]
    settingsPlace = with?.keyPlace
    let handsOn: Located<HandOn>?
    (settings, handsOn) = NodeDeclaration.readSettings(with, reader: &reader)
    doc = reader.string(fields["doc"])?.value
    let isPlain = handsOn == nil && fields.members.allSatisfy { ["op", "in", "with", "doc"].contains($0.key) }
    further = isPlain ? nil : FurtherKeys(fields, handsOn, reader: &reader)
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
