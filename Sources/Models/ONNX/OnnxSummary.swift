import Language
import Tensors

/// What an ONNX file holds, for people.
public struct OnnxSummary: Sendable {
  public let producer: String
  public let version: Int
  /// `ai.onnx` 11, …
  public let opsets: [(domain: String, version: Int)]
  public let inputs: [ForeignPort]
  public let outputs: [ForeignPort]
  /// Uses of each operator, those in subgraphs and functions included; the most frequent first.
  public let operators: [(name: String, count: Int)]
  /// Numbers in the initialisers, and the bytes they take.
  public let parameters: Int
  public let bytes: Int

  public init(_ path: String) throws(Fault) {
    let file = try OnnxFile.open(path)
    let graph = try OnnxGraph(file, rules: OnnxRules([]), optimises: false)
    producer = file.model.producer
    version = file.model.irVersion
    opsets = file.model.opsets.map { ($0.domain.isEmpty ? "ai.onnx" : $0.domain, $0.version) }
    inputs = graph.inputs
    outputs = graph.outputs
    var counts: [String: Int] = [:]
    OnnxSummary.count(file.graph.nodes, &counts)
    for function in file.model.functions { OnnxSummary.count(function.nodes, &counts) }
    operators = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    var (parameters, bytes) = (0, 0)
    for proto in file.graph.initializers {
      let header = try file.header(proto)
      bytes += header.byteCount!
      parameters += header.byteCount! / header.dtype.size
    }
    self.parameters = parameters
    self.bytes = bytes
  }

  private static func count(_ nodes: [NodeProto], _ counts: inout [String: Int]) {
    for node in nodes {
      let domain = OnnxScope.plain(node.domain)
      counts[domain.isEmpty ? node.operatorName : "\(domain).\(node.operatorName)", default: 0] += 1
      for attribute in node.attributes { if let graph = attribute.graph { count(graph.nodes, &counts) } }
    }
  }
}
