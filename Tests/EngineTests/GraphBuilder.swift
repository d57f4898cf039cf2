import Graph
import Language
import Tensors
import TestSupport

/// Builds flat graphs by hand.
struct GraphBuilder {
  var graph = FlatGraph()
  var registry = ToyOps.registry

  mutating func value(_ type: ValueType = .any) -> Int {
    graph.types.append(type)
    return graph.types.count - 1
  }

  mutating func input(_ name: String, _ type: ValueType = .any) -> FlatGraph.Operand {
    let value = value(type)
    graph.inputs.append(
      FlatGraph.Input(name: name, type: type, isOptional: false, value: value, place: nil, doc: nil))
    return .value(value)
  }

  /// A plain node with one result.
  mutating func node(
    _ path: String, _ op: String, _ operands: [[FlatGraph.Operand]] = [], _ attributes: [String: Literal] = [:],
    policy: FlatGraph.Policy = .init(), line: Int = 1
  ) -> FlatGraph.Operand {
    node(path, op, operands, attributes, ports: ["y"], policy: policy, structure: .plain, line: line)[0]
  }

  mutating func node(
    _ path: String, _ op: String, _ operands: [[FlatGraph.Operand]] = [], _ attributes: [String: Literal] = [:],
    ports: [String], policy: FlatGraph.Policy = .init(), structure: FlatGraph.Structure, line: Int = 1
  ) -> [FlatGraph.Operand] {
    let declared = registry[op]!
    let (filled, faults) = declared.attributes(attributes)
    precondition(faults.isEmpty, "\(faults)")
    let results = ports.map { _ in value() }
    graph.nodes.append(
      FlatGraph.Node(
        path: path, op: declared, attributes: filled, operands: operands, results: results, ports: ports,
        policy: policy, structure: structure, place: Place(file: "g.json", line: line, column: 1)))
    return results.map { .value($0) }
  }

  mutating func output(_ name: String, _ operand: FlatGraph.Operand) {
    graph.outputs.append(
      FlatGraph.Output(
        name: name, type: .any, operand: operand, isOptional: false, save: nil, place: nil, doc: nil))
  }

  static func build(_ registry: Registry = ToyOps.registry, _ body: (inout GraphBuilder) -> Void) -> FlatGraph {
    var builder = GraphBuilder(registry: registry)
    body(&builder)
    return builder.graph
  }
}

func tensor(_ numbers: Float...) -> Value { .tensor(Tensor(shape: [numbers.count], numbers)) }

extension Value {
  /// The numbers of a tensor, or of the tensors of a list one after another.
  var numbers: [Float] {
    switch self {
    case .tensor(let tensor): tensor.elements(Float.self)
    case .list(let items): items.flatMap(\.numbers)
    default: []
    }
  }
}
