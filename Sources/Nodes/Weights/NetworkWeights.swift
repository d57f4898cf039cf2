import Language
import Models
import Tensors

/// Makes weights from a file, from initialisers, or both.
public enum NetworkWeights {
  public static let op = Op(
    "nn.weights",
    doc: """
      Weights for a network: those of other weights, or new ones. "initialise" gives tensors by name, {"fc.weight": \
      {"shape": [10, 64], "method": "he_normal"}}; methods are constant (with value), he_normal, xavier_uniform, normal and \
      uniform (with deviation). Where both have a name, the initialiser counts: that layer starts anew. "only" keeps \
      names that match a pattern with *.
      """,
    inputs: [Port("weights", "weights", .optional, "weights to start from")], outputs: [Port("weights", "weights")],
    params: [
      Param("initialise", .any, default: .null, "new tensors by name"),
      Param("only", .strings, default: .null, "patterns of names to take from the other weights; null takes all"),
    ],
    isRandom: true,
    infer: { facts throws(Fault) in
      let tensors = try initialisers(facts.attributes)
      if tensors.isEmpty, !facts.isConnected("weights") {
        throw .params("nn.weights needs the input \"weights\", the param \"initialise\", or both")
      }
      return [.weights]
    },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let base: WeightSet? = call.value("weights") == nil ? nil : try call.weights("weights")
        return [.weights(merged(base, try initialisers(call.attributes), call))]
      }))

  /// The settings of every new tensor, as `weights.initialize` has them.
  private static func initialisers(_ attributes: Attributes) throws(Fault) -> [String: Attributes] {
    guard attributes.has("initialise") else { return [:] }
    guard case .object(let entries)? = attributes["initialise"] else {
      throw .params("param \"initialise\" takes an object of tensors by name")
    }
    var result: [String: Attributes] = [:]
    for (name, settings) in entries.sorted(by: { $0.key < $1.key }) {
      guard case .object(var fields) = settings else { throw .badInitialiser(name, "takes an object") }
      fields["name"] = .string(name)
      let (filled, faults) = WeightsInitialize.op.attributes(fields)
      if let fault = faults.first { throw .badInitialiser(name, fault.message) }
      result[name] = filled
    }
    return result
  }

  private static func merged(
    _ base: WeightSet?, _ new: [String: Attributes], _ call: HostCall
  ) -> WeightSet {
    let patterns = call.attributes.has("only") ? call.attributes.strings("only") : ["*"]
    var types = (base?.types ?? [:]).filter { name, _ in patterns.contains { Glob.matches(name, $0) } }
    var hasher = ContentHasher()
    hasher.combine("nn.weights")
    if let base { hasher.combine(base.digest) }
    hasher.combine(call.attributes.canonical)
    if !new.isEmpty { hasher.combine(call.seed) }
    for (name, settings) in new {
      types[name] = TensorType(dtype: .f32, shape: WeightsInitialize.shape(settings).map { Dim($0) })
    }
    let seed = call.seed
    return WeightSet(types: types, digest: hasher.digest, source: base?.source ?? "the initial weights") {
      name throws(Fault) in
      if let settings = new[name] { return WeightsInitialize.tensor(settings, name: name, seed: seed) }
      guard let base else { throw .noSuchWeight(name, "the initial weights", new.keys.sorted()) }
      return try base.tensor(name)
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(NetworkWeights.op, $0) }
