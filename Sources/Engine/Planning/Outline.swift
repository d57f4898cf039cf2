import Graph
import Language
import Tensors

/// One thing the engine schedules: a node, or a connected convex set of numeric nodes (a component).
struct Unit: Sendable {
  enum Kind: Sendable { case host, numeric, map, branch, loop, minimize }

  let kind: Kind
  /// Indices into `graph.nodes`, in order.
  let nodes: [Int]
  /// Distinct values from outside that it may read.
  let inputs: [Int]
  /// Values that others read, that are wanted, or that are always kept.
  let outputs: [Int]
  /// A host op too cheap to be worth a key of its own: its consumers' keys see through it.
  let isTransparent: Bool
  /// Draws on the content of its inputs to seed itself.
  let isRandomHost: Bool
  /// What its files are called counts besides their content.
  var readsNames: Bool
  var order = 0

  var isNumeric: Bool { kind == .numeric }
  var isLoop: Bool { kind == .loop || kind == .minimize }
}

/// A flat graph cut into units, for a set of wanted values. Made once, used by every execution of the graph.
///
/// Components come from levels: a value's level is the highest among the operands', plus one across a host node and
/// across a node that makes something of a known size of a picture of any size: what follows that, often a network, is
/// then one program for pictures of all sizes. Numeric nodes of one level that are connected by numeric edges form a
/// component; no path can leave one and come back.
final class Outline: Sendable {
  let graph: FlatGraph
  let wanted: [Int]
  let isWanted: [Bool]
  let units: [Unit]
  /// Unit that makes a value; -1 for inputs of the graph and for what nobody needs.
  let producer: [Int]
  /// Node that makes a value; -1 for inputs.
  let maker: [Int]
  /// Units that read a value, each once.
  let consumers: [[Int]]
  /// Outlines of the bodies, by node index.
  let bodies: [Int: [Outline]]
  let regions = Guarded<[RegionKey: BoundRegion]>([:])
  private let reaches = Guarded<[Reach: (nodes: [Int], inputs: [Int])]>([:])
  /// Numeric nodes that draw random numbers.
  let randomNodes: [Int]
  let heads = Guarded<[Int: Digest]>([:])
  let structure = Guarded<Structure?>(nil)

  /// What the graph computes, whatever its nodes are called: per value, and of all outputs together.
  struct Structure: Sendable {
    let identities: [Int: Digest]
    let digest: Digest
  }

  /// `wanted`: the values that an execution hands back; nil: those that the graph's outputs read.
  init(_ graph: FlatGraph, wanted values: [Int]? = nil) {
    self.graph = graph
    var seen = Set<Int>()
    let asked = values ?? graph.outputs.flatMap(\.operand.values)
    wanted = asked.filter { seen.insert($0).inserted }
    let count = graph.types.count
    var isWanted = Array(repeating: false, count: count)
    for value in wanted { isWanted[value] = true }

    var maker = Array(repeating: -1, count: count)
    for (index, node) in graph.nodes.enumerated() { for value in node.results { maker[value] = index } }
    let reads = Reads(graph)

    var isNeeded = isWanted
    var kept: [Int] = []
    for index in graph.nodes.indices.reversed() where graph.nodes[index].results.contains(where: { isNeeded[$0] }) {
      kept.append(index)
      for value in reads[index] { isNeeded[value] = true }
    }
    kept.reverse()

    let groups = Outline.sorted(Outline.groups(graph, kept, reads, maker), reads, maker)
    var groupOf = Array(repeating: -1, count: graph.nodes.count)
    for (index, nodes) in groups.enumerated() { for node in nodes { groupOf[node] = index } }
    var readers = Array(repeating: [Int](), count: count)
    for (index, nodes) in groups.enumerated() {
      for node in nodes {
        for value in reads[node] where maker[value] < 0 || groupOf[maker[value]] != index {
          if readers[value].last != index { readers[value].append(index) }
        }
      }
    }
    var units: [Unit] = []
    for (index, nodes) in groups.enumerated() {
      let outside = nodes.lazy.flatMap { reads[$0] }.filter { maker[$0] < 0 || groupOf[maker[$0]] != index }
      let inputs = Set(outside).sorted()
      let isNumeric = Outline.isNumeric(graph.nodes[nodes[0]])
      let outputs = nodes.flatMap { node in
        graph.nodes[node].results.filter {
          !isNumeric || !readers[$0].isEmpty || isWanted[$0] || graph.nodes[node].policy.cache == .keep
        }
      }
      units.append(Outline.unit(graph, nodes, inputs: inputs, outputs: outputs))
    }
    var producer = Array(repeating: -1, count: count)
    for (index, nodes) in groups.enumerated() {
      for node in nodes { for value in graph.nodes[node].results { producer[value] = index } }
    }
    Outline.number(&units, wanted: wanted, producer: producer)
    Outline.spreadNames(&units, producer: producer)
    var bodies: [Int: [Outline]] = [:]
    for index in kept {
      let found = graph.nodes[index].bodies
      if !found.isEmpty { bodies[index] = found.map { Outline($0.graph) } }
    }
    randomNodes = graph.nodes.indices.filter { graph.nodes[$0].op.isRandom && Outline.isNumeric(graph.nodes[$0]) }
    self.isWanted = isWanted
    self.units = units
    self.producer = producer
    self.maker = maker
    self.consumers = readers
    self.bodies = bodies
  }

  static func isNumeric(_ node: FlatGraph.Node) -> Bool {
    if case .plain = node.structure, case .numeric = node.op.action { true } else { false }
  }

  private static func unit(_ graph: FlatGraph, _ nodes: [Int], inputs: [Int], outputs: [Int]) -> Unit {
    let node = graph.nodes[nodes[0]]
    var kind: Unit.Kind
    var isTransparent = false
    switch node.structure {
    case .plain: kind = isNumeric(node) ? .numeric : .host
    case .map: kind = .map
    case .branch: kind = .branch
    case .loop: kind = .loop
    case .minimize: kind = .minimize
    }
    let isHost = kind == .host
    if isHost, case .host(let host) = node.op.action {
      isTransparent = host.isCheap && !node.op.isRandom && node.policy.cache != .keep
    }
    return Unit(
      kind: kind, nodes: nodes, inputs: inputs, outputs: outputs, isTransparent: isTransparent,
      isRandomHost: isHost && node.op.isRandom, readsNames: node.readsNames)
  }

  /// What leads to a reader of names through cheap nodes only must count them as well. Units stand in the order in which
  /// they can run.
  private static func spreadNames(_ units: inout [Unit], producer: [Int]) {
    for unit in units.indices.reversed() where units[unit].readsNames {
      for value in units[unit].inputs where producer[value] >= 0 && units[producer[value]].isTransparent {
        units[producer[value]].readsNames = true
      }
    }
  }

  /// Groups in an order in which they can run: a component's nodes may lie around nodes of others.
  private static func sorted(_ groups: [[Int]], _ reads: Reads, _ maker: [Int]) -> [[Int]] {
    if groups.count == 1 { return groups }
    var groupOf = Array(repeating: -1, count: reads.count)
    for (index, nodes) in groups.enumerated() { for node in nodes { groupOf[node] = index } }
    var missing = groups.map { _ in 0 }
    var below = groups.map { _ in [Int]() }
    for (index, nodes) in groups.enumerated() {
      for node in nodes {
        for value in reads[node] where maker[value] >= 0 {
          let source = groupOf[maker[value]]
          // Groups are looked at one after the other, so that one seen before would be the last.
          guard source != index, below[source].last != index else { continue }
          below[source].append(index)
          missing[index] += 1
        }
      }
    }
    var ready = groups.indices.filter { missing[$0] == 0 }
    var position = 0
    while position < ready.count {
      for index in below[ready[position]] {
        missing[index] -= 1
        if missing[index] == 0 { ready.append(index) }
      }
      position += 1
    }
    precondition(ready.count == groups.count, "a component can be left and entered again")
    return ready.map { groups[$0] }
  }

  /// Nodes by unit.
  private static func groups(_ graph: FlatGraph, _ kept: [Int], _ reads: Reads, _ maker: [Int]) -> [[Int]] {
    var level = Array(repeating: 0, count: graph.types.count)
    var settlesSize = Array(repeating: false, count: graph.nodes.count)
    var parent = Array(graph.nodes.indices)
    func root(_ node: Int) -> Int {
      var node = node
      while parent[node] != node {
        parent[node] = parent[parent[node]]
        node = parent[node]
      }
      return node
    }
    let areNumeric = graph.nodes.map(Outline.isNumeric)
    for index in kept {
      let node = graph.nodes[index]
      let highest = reads[index].reduce(0) { max($0, level[$1]) }
      let isNumeric = areNumeric[index]
      settlesSize[index] =
        isNumeric && reads[index].contains { graph.types[$0].isPictureOfAnySize }
        && node.results.allSatisfy { graph.types[$0].hasKnownSize }
      for value in node.results { level[value] = isNumeric && !settlesSize[index] ? highest : highest + 1 }
      guard isNumeric else { continue }
      for value in reads[index] where maker[value] >= 0 && level[value] == highest && !settlesSize[maker[value]] {
        if areNumeric[maker[value]] { parent[root(index)] = root(maker[value]) }
      }
    }
    var groups: [[Int]] = []
    var groupOf = Array(repeating: -1, count: graph.nodes.count)
    for index in kept {
      let root = root(index)
      if groupOf[root] < 0 {
        groupOf[root] = groups.count
        groups.append([])
      }
      groups[groupOf[root]].append(index)
    }
    return groups
  }

  /// Numbers units depth-first from the wanted values, so that what one value needs runs together.
  private static func number(_ units: inout [Unit], wanted: [Int], producer: [Int]) {
    var isSeen = Array(repeating: false, count: units.count)
    var next = 0
    var stack: [(unit: Int, input: Int)] = []
    for value in wanted where producer[value] >= 0 && !isSeen[producer[value]] {
      isSeen[producer[value]] = true
      stack.append((producer[value], 0))
      while let (unit, input) = stack.last {
        if input < units[unit].inputs.count {
          stack[stack.count - 1].input += 1
          let above = producer[units[unit].inputs[input]]
          if above >= 0, !isSeen[above] {
            isSeen[above] = true
            stack.append((above, 0))
          }
        } else {
          units[unit].order = next
          next += 1
          stack.removeLast()
        }
      }
    }
  }
}

/// Per node of a graph the values it reads, each once, in order; all of them in one array.
private struct Reads {
  private var starts = [0]
  private var values: [Int] = []

  init(_ graph: FlatGraph) {
    starts.reserveCapacity(graph.nodes.count + 1)
    values.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let start = values.count
      node.visitValues { values.append($0) }
      if values.count > start + 1 { values.replaceSubrange(start..., with: Set(values[start...]).sorted()) }
      starts.append(values.count)
    }
  }

  /// Of nodes.
  var count: Int { starts.count - 1 }

  subscript(node: Int) -> ArraySlice<Int> { values[starts[node]..<starts[node + 1]] }
}

extension FlatGraph.Node {
  /// The bodies, in a fixed order: of a branch `then` and, if any, `else`.
  var bodies: [FlatGraph.Body] {
    switch structure {
    case .plain: []
    case .map(let body), .loop(let body, _, _): [body]
    case .minimize(let body, let validation, _, _, _, _): [body] + (validation.map { [$0] } ?? [])
    case .branch(_, let then, let otherwise): [then] + (otherwise.map { [$0] } ?? [])
    }
  }
}

extension FlatGraph.Node {
  /// Whether what its files are called decides what it gives: its op reads names, or a node of a body does.
  var readsNames: Bool {
    if case .host(let host) = op.action, host.readsNames { return true }
    return bodies.contains { $0.graph.nodes.contains(where: \.readsNames) }
  }
}

extension ValueType {
  /// Whether a value of the type is a file or has some in it.
  fileprivate var holdsFiles: Bool {
    switch self {
    case .named(let name): name == "file"
    case .list(let inner), .optional(let inner), .stream(let inner): inner.holdsFiles
    case .tuple(let elements): elements.contains(where: \.holdsFiles)
    case .any: true
    case .tensor, .image: false
    }
  }
}

extension ValueType {
  fileprivate var isPictureOfAnySize: Bool {
    if case .image(let type) = self { type.height.value == nil || type.width.value == nil } else { false }
  }

  fileprivate var hasKnownSize: Bool {
    switch self {
    case .image(let type): type.height.value != nil && type.width.value != nil
    case .tensor(let type): type.concrete != nil
    default: false
    }
  }
}

extension Outline {
  /// What a unit must know of a value to make its keys.
  func identityNeed(of value: Int, by unit: Int) -> Need {
    if units[unit].readsNames, graph.types[value].holdsFiles {
      // A cheap node that leads here counts the names of its own inputs.
      return producer[value] >= 0 && units[producer[value]].isTransparent ? .key : .named
    }
    guard producer[value] >= 0, !units[unit].isRandomHost else { return .content }
    let source = units[producer[value]]
    if source.isTransparent { return .key }
    return source.isNumeric && (units[unit].isNumeric || units[unit].isTransparent) ? .key : .content
  }

  /// The nodes of a component that `values` depend on and the outside values these read, not going above `cuts`.
  /// Values in `cuts` that are read count as inputs.
  func reach(_ unit: Int, _ values: [Int], cuts: Set<Int> = []) -> (nodes: [Int], inputs: [Int]) {
    guard cuts.isEmpty else { return walk(unit, values, cuts) }
    // Without a store every item of a map asks the same.
    let key = Reach(unit: unit, values: values)
    if let known = reaches.withLock({ $0[key] }) { return known }
    let found = walk(unit, values, cuts)
    reaches.withLock { $0[key] = found }
    return found
  }

  private struct Reach: Hashable {
    let unit: Int
    let values: [Int]
  }

  private func walk(_ unit: Int, _ values: [Int], _ cuts: Set<Int>) -> (nodes: [Int], inputs: [Int]) {
    var needed = ValueTable(expected: units[unit].nodes.count, of: graph.types.count)
    for value in values { needed[value] = 0 }
    var nodes: [Int] = []
    var inputs = Set<Int>()
    for index in units[unit].nodes.reversed() where graph.nodes[index].results.contains(where: { needed[$0] != nil }) {
      nodes.append(index)
      graph.nodes[index].visitValues { value in
        if producer[value] != unit || cuts.contains(value) { inputs.insert(value) } else { needed[value] = 0 }
      }
    }
    return (nodes.reversed(), inputs.sorted())
  }

  /// Outputs that are surely asked for: not only by a branch, which may choose otherwise.
  func eagerOutputs(_ unit: Int) -> [Int] {
    units[unit].outputs.filter { value in
      isWanted[value] || consumers[value].contains { units[$0].kind != .branch }
    }
  }

  /// Values that decide a branch.
  func conditionValues(_ unit: Int) -> [Int] {
    guard case .branch(let condition, _, _) = graph.nodes[units[unit].nodes[0]].structure else { return [] }
    return Set(condition.values).sorted()
  }

  /// Values that a decided branch reads: its condition and what the chosen body is bound to.
  func branchValues(_ unit: Int, arm: Int) -> [Int] {
    let node = graph.nodes[units[unit].nodes[0]]
    var values = Set(conditionValues(unit)).union(node.operands.flatMap { $0 }.flatMap(\.values))
    guard node.bodies.indices.contains(arm) else { return values.sorted() }
    for binding in node.bodies[arm].bindings {
      if case .shared(let operand) = binding { values.formUnion(operand.values) }
      if case .each(let operand) = binding { values.formUnion(operand.values) }
    }
    return values.sorted()
  }
}
