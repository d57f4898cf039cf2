import Graph
import Language
import Tensors

/// Binds the bodies of a minimise node to concrete values.
struct MinimizeSite {
  /// What a tensor of optimised weights is to the session.
  private enum Role {
    case wrt(Int)
    case state(Int)
    case fixed(Tensor)
  }

  private struct Key: Hashable {
    let wrt: Int
    let name: String
  }

  let node: FlatGraph.Node
  let scope: RunScope
  let pathPrefix: String
  /// Of what the node optimises and carries, and what each starts from.
  let wrt: [(name: String, start: Value)]
  let carried: [(name: String, start: Value)]
  /// Values of the graph around the node.
  let outer: [Int: Value]

  private var tensors: [(name: String, start: Tensor)] = []
  private var states: [(name: String, start: Tensor)] = []
  private var roles: [Key: Role] = [:]
  /// By position in `wrt`, where that is a tensor.
  private var tensorOf: [Int: Int] = [:]

  init(
    _ node: FlatGraph.Node, _ scope: RunScope, pathPrefix: String, wrt: [(name: String, start: Value)],
    carried: [(name: String, start: Value)], outer: [Int: Value]
  ) {
    self.node = node
    self.scope = scope
    self.pathPrefix = pathPrefix
    self.wrt = wrt
    self.carried = carried
    self.outer = outer
  }

  /// - Parameter fixed: values that were evaluated once, for the training body and, if there is one, for the other.
  mutating func site(
    _ cuts: [MinimizeCut], fixed: [[Int: Value]], loss: String, seed: UInt64
  ) throws(Fault) -> LoopSite {
    for (name, start) in carried {
      guard case .tensor(let tensor) = start else { throw .notATensor(name, start.kind) }
      states.append((name, tensor))
    }
    let updates = updates(cuts[0])
    try assign(cuts, updates)
    let training = try program(cuts[0], fixed[0], extra: updates.map(\.value))
    guard training.outputs.contains(loss) else { throw .noBodyOutput(loss, training.outputs) }
    var sites: [LoopSite.State] = []
    for (index, state) in states.enumerated() {
      let output: Int
      if index < carried.count {
        guard let found = training.outputs.firstIndex(of: state.name) else {
          throw .noBodyOutput(state.name, training.outputs)
        }
        output = found
      } else {
        output = training.outputs.count + index - carried.count
      }
      let made = training.body.concrete(training.body.outputs[output])
      guard made.shape == state.start.shape, made.dtype == state.start.dtype else {
        throw .stateChangesType(state.name, "\(state.start.dtype.rawValue)\(state.start.shape)", made)
      }
      sites.append(LoopSite.State(name: state.name, start: state.start, output: output))
    }
    var given: [String: Value] = [:]
    for (port, operands) in zip(node.op.inputs, node.operands) {
      guard let operand = operands.first else { continue }
      let value = try evaluate(operand, outer)
      if !value.isNone { given[port.name] = value }
    }
    return LoopSite(
      attributes: node.attributes, training: training,
      validation: cuts.count > 1 ? try program(cuts[1], fixed[1], extra: []) : nil, wrt: tensors, states: sites,
      weights: weights(), given: given, loss: loss, seed: seed, compiler: scope.compiler)
  }

  /// The parameters that the training body moves itself, by name, and what they become; not those that are frozen.
  private func updates(_ cut: MinimizeCut) -> [(key: Key, taker: FlatGraph.Node, value: Int)] {
    var found: [(key: Key, taker: FlatGraph.Node, value: Int)] = []
    for (parameter, value) in cut.updates {
      let taker = cut.body.graph.nodes[parameter]
      guard let name = taker.parameterName, case .parameter(let index, _)? = cut.origins[taker.results[0]],
        case .weights(let set) = wrt[index].start, set.isFrozen?(name) != true
      else { continue }
      found.removeAll { $0.key == Key(wrt: index, name: name) }
      found.append((Key(wrt: index, name: name), taker, value))
    }
    return found
  }

  /// Decides for every tensor and every parameter what it is: carried, optimised, or left alone.
  private mutating func assign(
    _ cuts: [MinimizeCut], _ updates: [(key: Key, taker: FlatGraph.Node, value: Int)]
  ) throws(Fault) {
    for (key, taker, _) in updates {
      guard case .weights(let set) = wrt[key.wrt].start else { continue }
      roles[key] = .state(states.count)
      states.append(("\(wrt[key.wrt].name)/\(key.name)", try tensor(taker, set)))
    }
    for (index, (name, start)) in wrt.enumerated() {
      switch start {
      case .weights(let set): try assign(set, index, cuts)
      case .tensor(let tensor):
        tensorOf[index] = tensors.count
        tensors.append((name, tensor))
      default: throw .notATensor(name, start.kind)
      }
    }
  }

  private mutating func assign(_ set: WeightSet, _ index: Int, _ cuts: [MinimizeCut]) throws(Fault) {
    for (number, cut) in cuts.enumerated() {
      for parameter in cut.parameters {
        let taker = cut.body.graph.nodes[parameter]
        guard case .parameter(index, _)? = cut.origins[taker.results[0]], let name = taker.parameterName,
          roles[Key(wrt: index, name: name)] == nil
        else { continue }
        let start = try tensor(taker, set)
        // What only the measuring body reads has no gradient.
        if number > 0 || set.isFrozen?(name) == true {
          roles[Key(wrt: index, name: name)] = .fixed(start)
        } else {
          roles[Key(wrt: index, name: name)] = .wrt(tensors.count)
          tensors.append(("\(wrt[index].name)/\(name)", start))
        }
      }
    }
  }

  /// What a node takes out of weights.
  private func tensor(_ taker: FlatGraph.Node, _ set: WeightSet) throws(Fault) -> Tensor {
    guard case .host(let host) = taker.op.action else { throw .notATensor(taker.path, taker.op.name) }
    let result: [Value]
    do throws(Fault) {
      result = try host.run(HostCall(op: taker.op, attributes: taker.attributes, inputs: [[.weights(set)]]))
    } catch { throw error.inside(taker, NodePath.join(pathPrefix, taker.path)) }
    guard case .tensor(let tensor)? = result.first else { throw .notATensor(taker.path, "nothing") }
    return tensor
  }

  private func weights() -> [LoopSite.Weights] {
    wrt.enumerated().compactMap { index, entry in
      guard case .weights(let set) = entry.start else { return nil }
      var members: [String: LoopSite.Weights.Member] = [:]
      var fixed: [String: Tensor] = [:]
      for (key, role) in roles where key.wrt == index {
        switch role {
        case .wrt(let position): members[key.name] = .wrt(position)
        case .state(let position): members[key.name] = .state(position)
        case .fixed(let tensor): fixed[key.name] = tensor
        }
      }
      return LoopSite.Weights(name: entry.name, start: set, members: members, fixed: fixed)
    }
  }

  /// The region of one body with what feeds it; `extra` values become outputs behind the named ones.
  private func program(
    _ cut: MinimizeCut, _ fixed: [Int: Value], extra: [Int]
  ) throws(Fault) -> LoopSite.Program {
    let graph = cut.body.graph
    var bound = fixed
    var sources: [Int: LoopSite.Source] = [:]
    var streams: [DataStream] = []
    for (value, origin) in cut.origins.sorted(by: { $0.key < $1.key }) {
      switch origin {
      case .wrt(let index):
        guard let position = tensorOf[index] else { continue }
        bound[value] = .tensor(tensors[position].start)
        sources[value] = .wrt(position)
      case .state(let index):
        bound[value] = .tensor(states[index].start)
        sources[value] = .state(index)
      case .stream(let operand):
        let found = try evaluate(operand, outer)
        let name = graph.inputs.first { $0.value == value }?.name ?? ""
        guard case .stream(let stream) = found, let type = stream.type.concrete else {
          throw .notAStream(name, found.kind)
        }
        // Only its type counts here; elements are made when steps ask for them.
        bound[value] = .tensor(.zeros(type.dtype, shape: type.shape))
        sources[value] = .stream(streams.count)
        streams.append(stream)
      case .parameter(let index, let taker):
        guard let name = graph.nodes[taker].parameterName else { continue }
        switch roles[Key(wrt: index, name: name)] {
        case .wrt(let position)?:
          bound[value] = .tensor(tensors[position].start)
          sources[value] = .wrt(position)
        case .state(let position)?:
          bound[value] = .tensor(states[position].start)
          sources[value] = .state(position)
        case .fixed(let tensor)?:
          bound[value] = .tensor(tensor)
        case nil: continue
        }
      }
    }
    var builder = RegionBuilder(
      graph, expected: cut.moving.count, values: bound, positions: try Outline(graph).positions(scope.keys),
      registry: scope.registry)
    for index in cut.moving { try builder.add(index, pathPrefix: pathPrefix) }
    var names: [String] = []
    var ids: [ValueID] = []
    for output in graph.outputs {
      guard case .value(let value) = output.operand, let id = builder.defined[value] else { continue }
      names.append(output.name)
      ids.append(id)
    }
    builder.emitter.setOutputs(ids + extra.map { builder.defined[$0]! })
    return LoopSite.Program(
      body: builder.emitter.region,
      sources: zip(builder.sources, builder.tensors).map { sources[$0.value] ?? .fixed($1) }, streams: streams,
      outputs: names)
  }
}
