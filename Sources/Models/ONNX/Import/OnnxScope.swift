import Language
import Tensors

/// The names of one graph: the model's own, a subgraph, which also sees the names around it, or a function's body.
final class OnnxScope {
  let importer: OnnxImporter
  let assembly: any GraphAssembly
  let opsets: [OperatorSetProto]
  let parent: OnnxScope?
  /// Of the use of the function whose body this is.
  let attributes: [String: AttributeProto]
  /// In front of the names of nodes.
  let prefix: String
  var values: [String: OnnxValue] = [:]
  /// The scope whose values may be read here, besides `parent`.
  private let around: OnnxScope?
  private var carriers: [Dim: OnnxCarrier] = [:]

  init(
    _ importer: OnnxImporter, _ assembly: any GraphAssembly, opsets: [OperatorSetProto], parent: OnnxScope? = nil,
    around: OnnxScope? = nil, attributes: [String: AttributeProto] = [:], prefix: String = ""
  ) {
    self.around = around ?? parent
    self.importer = importer
    self.assembly = assembly
    self.opsets = opsets
    self.parent = parent
    self.attributes = attributes
    self.prefix = prefix
  }

  var file: String { importer.file.path }

  /// Adds the initialisers and nodes of a graph.
  func add(_ graph: GraphProto) throws(Fault) {
    for proto in graph.initializers where values[proto.name] == nil {
      values[proto.name] = try importer.initializer(proto, isNamed: parent == nil && attributes.isEmpty)
    }
    if let sparse = graph.sparseInitializers.first {
      throw .unsupported(file, "the sparse initialiser \"\(sparse.values?.name ?? "")\" is not supported")
    }
    try add(graph.nodes)
  }

  func add(_ nodes: [NodeProto]) throws(Fault) {
    for proto in nodes {
      let results = try OnnxNode(proto, in: self).modern().results()
      for (name, value) in zip(proto.outputs, results) where !name.isEmpty {
        guard values[name] == nil else { throw .onnx(file, proto, "makes \"\(name)\", which is made already") }
        values[name] = value
      }
      if results.count < proto.outputs.count {
        for name in proto.outputs[results.count...] where !name.isEmpty {
          throw .onnx(file, proto, "has no output of the place of \"\(name)\"")
        }
      }
    }
  }

  /// The value of a name, here or around.
  func value(_ name: String) -> OnnxValue? { values[name] ?? parent?.value(name) }

  func output(_ name: String) throws(Fault) -> GraphValue {
    guard let value = value(name) else {
      throw .malformed(file, "ONNX", "nothing makes its output \"\(name)\"")
    }
    return try value.value()
  }

  /// A value of the graph under assembly; what its extents are is remembered for ops that need to be told extents.
  func imported(_ value: GraphValue) -> OnnxValue {
    let imported = OnnxValue(value, in: assembly)
    for (axis, dim) in (imported.type.shape ?? []).enumerated()
    where dim.value == nil && carriers[dim] == nil && !dim.symbols.contains(where: { $0.hasPrefix("?") }) {
      carriers[dim] = OnnxCarrier(value: imported, axis: axis)
    }
    return imported
  }

  /// A value one of whose extents this is.
  func carrier(of dim: Dim) -> OnnxCarrier? { carriers[dim] ?? around?.carrier(of: dim) }

  /// The version of the operators of a domain.
  func opset(_ domain: String) -> Int? {
    opsets.first { OnnxScope.plain($0.domain) == OnnxScope.plain(domain) }?.version
  }

  /// `ai.onnx` is a long name of the default domain.
  static func plain(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }
}
