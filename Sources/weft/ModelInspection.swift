import Graph
import Language
import Models
import Nodes
import Tensors

/// What `weft models inspect` says of an ONNX file.
struct ModelInspection {
  private let summary: OnnxSummary
  private let path: String
  /// Of one run; nil where sizes are open.
  private let operations: Double?
  /// Nodes that are compiled, and those that run one by one.
  private let compiled: Int
  private let eager: Int
  private let openSizes: [String]

  /// - Parameter sizes: extents of inputs, for those that leave them open.
  init(_ path: String, sizes: [String: [Int]]) throws(Fault) {
    self.path = path
    summary = try OnnxSummary(path)
    let result = Checker.check(path, registry: .linked, library: Locations.library(), probe: HeaderProbe())
    if let fault = result.faults.first(where: { $0.severity == .error }) { throw fault }
    let graph = result.graph
    var unifier = Unifier()
    for input in graph.inputs {
      guard let extents = sizes[input.name] else { continue }
      do throws(Unifier.Mismatch) {
        try unifier.match(
          input.type, .tensor(TensorType(dtype: input.type.tensor?.dtype, shape: extents.map { Dim($0) })))
      } catch { throw Fault(error.code, "input \"\(input.name)\": \(error.text)") }
    }
    let types = graph.types.map { $0.substituting(unifier.bindings) }
    var total: Double? = 0
    var (compiled, eager) = (0, 0)
    for node in graph.nodes {
      switch node.op.action {
      case .numeric(let numeric):
        compiled += 1
        let cost = try ModelInspection.operations(node, numeric, types)
        total = cost.flatMap { cost in total.map { $0 + cost } }
      case .host, .loop, .control:
        // Reading weights is no work of the model.
        if !node.op.name.hasPrefix("weights.") { eager += 1 }
      }
    }
    operations = total
    self.compiled = compiled
    self.eager = eager
    openSizes = graph.inputs.filter { input in types[input.value].tensor?.concrete == nil }.map(\.name)
  }

  /// What the first choice of a node's op says of itself; nil where an extent is open.
  private static func operations(
    _ node: FlatGraph.Node, _ numeric: Numeric, _ types: [ValueType]
  ) throws(Fault) -> Double? {
    func concrete(_ type: ValueType) -> Concrete? { type.concrete.map { Concrete(dtype: $0.dtype, shape: $0.shape) } }
    var operands: [[Concrete]] = []
    for port in node.operands {
      var list: [Concrete] = []
      for operand in port {
        switch operand {
        case .value(let index):
          guard let type = concrete(types[index]) else { return nil }
          list.append(type)
        case .constant(.tensor(let tensor)): list.append(Concrete(dtype: tensor.dtype, shape: tensor.shape))
        default: return nil
        }
      }
      operands.append(list)
    }
    var results: [Concrete] = []
    for index in node.results {
      // Once operands are numbers, the op's own rule says what it makes.
      guard let type = concrete(types[index]) else { return nil }
      results.append(type)
    }
    return try numeric.select(Site(attributes: node.attributes, operands: operands, results: results))
      .first?.operations
  }

  var text: String {
    var lines = [path]
    lines.append(
      "made by \(summary.producer.isEmpty ? "an unnamed program" : summary.producer), format \(summary.version), "
        + summary.opsets.map { "\($0.domain) \($0.version)" }.joined(separator: ", "))
    for (title, ports) in [("inputs", summary.inputs), ("outputs", summary.outputs)] {
      lines.append(title)
      for port in ports { lines.append("  \(port.name): \(port.type)") }
    }
    lines.append("operators")
    let width = summary.operators.map { String($0.count).count }.max() ?? 0
    for (name, count) in summary.operators {
      lines.append("  " + String(repeating: " ", count: width - String(count).count) + "\(count) \(name)")
    }
    lines.append("parameters: \(summary.parameters) (\(Quantity.bytes(summary.bytes)))")
    lines.append("nodes: \(compiled) compiled, \(eager) run one by one")
    if let operations {
      lines.append("operations of one run: \((operations / 1e6).rounded() / 1000) G")
    } else if openSizes.isEmpty {
      lines.append("operations of one run: not known before it")
    } else {
      lines.append("operations of one run: give sizes: " + openSizes.map { "\($0)=…" }.joined(separator: " "))
    }
    return lines.joined(separator: "\n")
  }

  var json: String {
    func ports(_ ports: [ForeignPort]) -> String {
      ports.map { "\(JSONText.quoted($0.name)):\(JSONText.quoted($0.type.description))" }.joined(separator: ",")
    }
    let operators = summary.operators.map { "\(JSONText.quoted($0.name)):\($0.count)" }.joined(separator: ",")
    let opsets = summary.opsets.map { "\(JSONText.quoted($0.domain)):\($0.version)" }.joined(separator: ",")
    return "{\"path\":\(JSONText.quoted(path)),\"producer\":\(JSONText.quoted(summary.producer)),"
      + "\"format\":\(summary.version),\"opsets\":{\(opsets)},\"inputs\":{\(ports(summary.inputs))},"
      + "\"outputs\":{\(ports(summary.outputs))},\"operators\":{\(operators)},\"parameters\":\(summary.parameters),"
      + "\"bytes\":\(summary.bytes),\"compiled\":\(compiled),\"eager\":\(eager),"
      + "\"operations\":\(operations.map { JSONText.number($0) } ?? "null")}"
  }
}
