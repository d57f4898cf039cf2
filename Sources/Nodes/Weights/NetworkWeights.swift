import Language
import Models
import Tensors

/// Makes weights from a file, from initialisers, or both.
public enum NetworkWeights {
  public static let op = Op(
    "nn.weights",
    doc: """
      Weights for a network: those of other weights, or new ones. "initialise" gives tensors by name, {"fc.weight": \
      {"shape": [10, 64], "method": "he_normal"}}; a name with * and without a shape is a rule for what a network asks for, \
      {"*.weight": {"method": "truncated_normal", "deviation": 0.1}}. Methods are those of weights.initialize: constant \
      (value), he_normal, he_uniform, xavier_normal, xavier_uniform, normal, truncated_normal, uniform (deviation), \
      orthogonal. Where both the other weights and a name have a tensor, the initialiser counts: that layer starts anew. \
      What none of them has starts as the network declares, or is an error, as "rest" says. "only" keeps names of the \
      other weights that match a pattern; "frozen" names what a training leaves as it is.
      """,
    inputs: [Port("weights", "weights?", .optional, "weights to start from")], outputs: [Port("weights", "weights")],
    params: [
      Param("initialise", .any, default: .null, "new tensors by name, and rules by patterns of names"),
      Param("only", .strings, default: .null, "patterns of names to take from the other weights; null takes all"),
      Param("frozen", .strings, default: .null, "patterns of names that a training leaves as they are"),
      Param(
        "rest", .choice(["declared", "fail"]), default: .null,
        "what else a network asks for: started as it declares, or an error; null: an error where weights are connected"),
    ],
    isRandom: true,
    infer: { facts throws(Fault) in
      _ = try initialisers(facts.attributes)
      return [.weights]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let value = call.value("weights")
        let base: WeightSet? = value == nil || value?.isNone == true ? nil : try call.weights("weights")
        return [.weights(merged(base, try initialisers(call.attributes), call))]
      }))

  /// What "initialise" says: tensors by name, and rules by pattern in byte order.
  private struct Initialisers {
    var tensors: [String: Attributes] = [:]
    var rules: [(pattern: String, fields: [String: Literal])] = []
  }

  /// The settings of every new tensor, as `weights.initialize` has them.
  private static func initialisers(_ attributes: Attributes) throws(Fault) -> Initialisers {
    var result = Initialisers()
    guard attributes.has("initialise") else { return result }
    guard case .object(let entries)? = attributes["initialise"] else {
      throw .params("param \"initialise\" takes an object of tensors by name")
    }
    for (name, settings) in entries.sorted(by: { $0.key < $1.key }) {
      guard case .object(let fields) = settings else { throw .badInitialiser(name, "takes an object") }
      let isRule = name.contains("*") && fields["shape"] == nil
      let filled = try self.settings(fields, name: name, shape: isRule ? .array([.int(1)]) : nil)
      if isRule { result.rules.append((name, fields)) } else { result.tensors[name] = filled }
    }
    return result
  }

  private static func settings(
    _ given: [String: Literal], name: String, shape: Literal?
  ) throws(Fault) -> Attributes {
    var fields = given
    fields["name"] = .string(name)
    if let shape { fields["shape"] = shape }
    let (filled, faults) = WeightsInitialize.op.attributes(fields)
    if let fault = faults.first { throw .badInitialiser(name, fault.message) }
    return filled
  }

  private static func merged(_ base: WeightSet?, _ new: Initialisers, _ call: HostCall) -> WeightSet {
    let attributes = call.attributes
    let patterns = attributes.has("only") ? attributes.strings("only") : ["*"]
    var types = (base?.types ?? [:]).filter { name, _ in patterns.contains { Glob.matches(name, $0) } }
    var hasher = ContentHasher()
    hasher.combine("nn.weights")
    if let base { hasher.combine(base.digest) }
    hasher.combine(attributes.canonical)
    let makesRest = attributes.has("rest") ? attributes.string("rest") == "declared" : base == nil
    if !new.tensors.isEmpty || !new.rules.isEmpty || makesRest { hasher.combine(call.seed) }
    for (name, settings) in new.tensors {
      types[name] = TensorType(dtype: .f32, shape: WeightsInitialize.shape(settings).map { Dim($0) })
    }
    for name in types.keys where new.tensors[name] == nil {
      if new.rules.contains(where: { Glob.matches(name, $0.pattern) }) { types[name] = nil }
    }
    let frozen = attributes.has("frozen") ? attributes.strings("frozen") : []
    let isFrozen: @Sendable (String) -> Bool = { name in frozen.contains { Glob.matches(name, $0) } }
    let (seed, source) = (call.seed, base?.source ?? "the initial weights")
    return WeightSet(
      types: types, digest: hasher.digest, source: source, isFrozen: frozen.isEmpty ? nil : isFrozen,
      start: makesRest || !new.rules.isEmpty ? starter(new.rules, makesRest, source, seed) : nil
    ) { name throws(Fault) in
      if let settings = new.tensors[name] { return WeightsInitialize.tensor(settings, name: name, seed: seed) }
      guard let base else { throw .noSuchWeight(name, "the initial weights", new.tensors.keys.sorted()) }
      return try base.tensor(name)
    }
  }

  /// Makes what the weights lack: by the first rule that fits the name, or else as the network declares.
  private static func starter(
    _ rules: [(pattern: String, fields: [String: Literal])], _ makesRest: Bool, _ source: String, _ seed: UInt64
  ) -> WeightSet.Start {
    { name, shape, initial throws(Fault) in
      var fields = rules.first { Glob.matches(name, $0.pattern) }?.fields
      if fields == nil, makesRest, case .object(let declared) = initial { fields = declared }
      guard let fields else { throw .noSuchWeight(name, source, []) }
      let filled = try settings(fields, name: name, shape: .array(shape.map { .int($0) }))
      return WeightsInitialize.tensor(filled, name: name, seed: seed)
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(NetworkWeights.op, $0) }
