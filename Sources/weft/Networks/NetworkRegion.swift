import Graph
import Language
import Tensors

/// Turns a checked graph into one region: what loads weights runs now and leaves constants.
struct NetworkRegion {
  private(set) var names: [ValueID: String] = [:]
  private let needsWeights: Bool
  private var emitter = Emitter(registry: .linked)
  private var values: [FlatGraph.ValueIndex: Value] = [:]
  private var defined: [FlatGraph.ValueIndex: ValueID] = [:]

  var region: Region { emitter.region }

  init(needsWeights: Bool) { self.needsWeights = needsWeights }

  mutating func add(_ graph: FlatGraph) throws(Fault) {
    for input in graph.inputs {
      guard input.type.concrete != nil else { throw .openExtents(input.name, input.type) }
      let value = emitter.input(input.type)
      (defined[input.value], names[value]) = (value, input.name)
    }
    for node in graph.nodes {
      switch node.op.action {
      case .numeric: try compile(node)
      case .host(let host) where isWeights(node): try run(node, host)
      case .host, .loop, .control: throw .notNumeric(node)
      }
    }
    var outputs: [ValueID] = []
    for output in graph.outputs {
      guard case .value(let index) = output.operand, let value = defined[index] else { throw .noResult(output.name) }
      outputs.append(value)
    }
    emitter.setOutputs(outputs)
  }

  private func isWeights(_ node: FlatGraph.Node) -> Bool {
    node.op.name.hasPrefix("weights.") || node.op.name == "nn.weights"
  }

  private mutating func run(_ node: FlatGraph.Node, _ host: Host) throws(Fault) {
    if node.op.isRandom, needsWeights { throw .weightsNotGiven(node) }
    var inputs: [[Value]] = []
    for port in node.operands {
      inputs.append(
        port.compactMap { operand -> Value? in
          switch operand {
          case .value(let index): values[index]
          case .constant(let value): value
          case .list, .item: nil
          }
        })
    }
    let results: [Value]
    do throws(Fault) {
      results = try host.run(HostCall(op: node.op, attributes: node.attributes, inputs: inputs))
    } catch { throw error.at(node.place) }
    for (index, value) in zip(node.results, results) {
      values[index] = value
      guard case .tensor(let tensor) = value else { continue }
      let constant = emitter.constant(tensor)
      defined[index] = constant
      if node.attributes.has("name") { names[constant] = node.attributes.string("name") }
    }
  }

  private mutating func compile(_ node: FlatGraph.Node) throws(Fault) {
    var operands: [[ValueID]] = []
    for port in node.operands {
      var list: [ValueID] = []
      for operand in port { try resolve(operand, node, &list) }
      operands.append(list)
    }
    // The wrapper's own call is no part of the network's names.
    let label = node.path.hasPrefix("net/") ? String(node.path.dropFirst(4)) : node.path
    let results: [ValueID]
    do throws(Fault) {
      results = try emitter.emit(node.op, operands, node.attributes, label: label)
    } catch { throw error.at(node.place) }
    for (index, value) in zip(node.results, results) { defined[index] = value }
  }

  private mutating func resolve(
    _ operand: FlatGraph.Operand, _ node: FlatGraph.Node, _ list: inout [ValueID]
  ) throws(Fault) {
    switch operand {
    case .value(let index):
      guard let value = defined[index] else { throw .notNumeric(node) }
      list.append(value)
    case .constant(.tensor(let tensor)): list.append(emitter.constant(tensor))
    case .constant(.none): break
    case .list(let items): for item in items { try resolve(item, node, &list) }
    case .constant, .item: throw .notNumeric(node)
    }
  }
}
