import Graph
import Language
import Tensors

/// Makes keys. A key says what a value is the result of: op, revision, canonical attributes and the identities of the
/// inputs; never names of nodes, order of keys, documentation or paths.
struct KeyMaker: Sendable {
  /// The part of a random op's key that the run decides.
  struct Site: Sendable {
    var seed: UInt64
    var item: Digest?
    var step: UInt64 = 0
  }

  /// Instruction set and library version, on which the low bits of numeric results depend.
  let numericFamily: String
  let files: FileDigests

  func content(_ value: Value) throws(Fault) -> Digest {
    try value.digest { path throws(Fault) in try files.digest(path) }
  }

  /// Identity of a value for those who read what its files are called, too.
  func named(_ value: Value) throws(Fault) -> Digest {
    var hasher = ContentHasher()
    hasher.combine("named")
    hasher.combine(try content(value))
    for path in value.files { hasher.combine(String(path.split(separator: "/").last ?? "")) }
    return hasher.digest
  }

  /// Identity of what an operand reads, from the identities of values.
  func identity(_ operand: FlatGraph.Operand, _ identity: (Int) throws(Fault) -> Digest) throws(Fault) -> Digest {
    switch operand {
    case .value(let index): return try identity(index)
    case .constant(let value): return try content(value)
    case .item(.list(let items), let index) where items.indices.contains(index):
      return try self.identity(items[index], identity)
    case .item(let list, let index):
      var hasher = ContentHasher()
      hasher.combine("item")
      hasher.combine(index)
      hasher.combine(try self.identity(list, identity))
      return hasher.digest
    case .list(let items):
      var hasher = ContentHasher()
      hasher.combine("list")
      hasher.combine(items.count)
      for item in items { hasher.combine(try self.identity(item, identity)) }
      return hasher.digest
    }
  }

  /// What a node is without its inputs.
  func head(_ node: FlatGraph.Node) throws(Fault) -> Digest {
    var hasher = ContentHasher()
    hasher.combine(node.op.name)
    hasher.combine(node.op.revision)
    hasher.combine(try canonical(node.attributes))
    if case .numeric = node.op.action { hasher.combine(numericFamily) }
    if case .loop = node.op.action { hasher.combine(numericFamily) }
    return hasher.digest
  }

  /// Key of a node's execution; `arm` is the chosen body of a branch.
  func node(
    _ node: FlatGraph.Node, head: Digest, bodies: [Digest], arm: Int? = nil, site: Site,
    _ lookup: (Int) throws(Fault) -> Digest
  ) throws(Fault) -> Digest {
    var hasher = ContentHasher()
    hasher.combine(head)
    for port in node.operands {
      hasher.combine(port.count)
      for operand in port { hasher.combine(try identity(operand, lookup)) }
    }
    if node.readsNames {
      for value in node.allOperands.flatMap(\.constants) { hasher.combine(try named(value)) }
    }
    try structure(node, bodies, arm, &hasher, lookup)
    if node.isRandom {
      hasher.combine(site.seed)
      hasher.combine(node.policy.stream ?? "")
      if let item = site.item { hasher.combine(item) }
      hasher.combine(site.step)
    }
    return hasher.digest
  }

  /// Key of one result of a node.
  static func result(_ node: Digest, _ index: Int) -> Digest {
    var hasher = ContentHasher()
    hasher.combine(node)
    hasher.combine(index)
    return hasher.digest
  }

  private func structure(
    _ node: FlatGraph.Node, _ bodies: [Digest], _ arm: Int?, _ hasher: inout ContentHasher,
    _ lookup: (Int) throws(Fault) -> Digest
  ) throws(Fault) {
    switch node.structure {
    case .plain: return
    case .map(let body):
      hasher.combine("map \(node.policy.onError.rawValue)")
      try bind(body, &hasher, lookup)
    case .branch(let condition, let then, let otherwise):
      hasher.combine("branch")
      hasher.combine(try identity(condition, lookup))
      // A decided branch depends on the body that was chosen only.
      for (index, body) in ([then] + (otherwise.map { [$0] } ?? [])).enumerated() where arm == nil || arm == index {
        hasher.combine(index)
        try bind(body, &hasher, lookup)
        hasher.combine(bodies[index])
      }
      for port in node.ports.sorted() { hasher.combine(port) }
      return
    case .loop(let body, let states, let plan):
      hasher.combine("loop")
      try bind(body, states: states, &hasher, lookup)
      try start(states.sorted { $0.name < $1.name }, &hasher, lookup)
      chain(plan, &hasher)
    case .minimize(let body, let validation, let wrt, let states, let loss, let plan):
      hasher.combine("minimize")
      try bind(body, wrt: wrt, states: states, &hasher, lookup)
      if let validation { try bind(validation, wrt: wrt, states: states, &hasher, lookup) }
      // In the order of the file: a method may add up over them in that order.
      try start(wrt + states, &hasher, lookup)
      chain(plan, &hasher)
      hasher.combine(loss)
    }
    for port in node.ports.sorted() { hasher.combine(port) }
    for body in bodies { hasher.combine(body) }
  }

  private func start(
    _ states: [FlatGraph.State], _ hasher: inout ContentHasher, _ lookup: (Int) throws(Fault) -> Digest
  ) throws(Fault) {
    for state in states {
      hasher.combine(state.name)
      hasher.combine(try identity(state.start, lookup))
    }
  }

  /// What the inputs of a body are bound to; by name, so that the order in the file does not count.
  private func bind(
    _ body: FlatGraph.Body, wrt: [FlatGraph.State] = [], states: [FlatGraph.State] = [],
    _ hasher: inout ContentHasher, _ lookup: (Int) throws(Fault) -> Digest
  ) throws(Fault) {
    hasher.combine(body.bindings.count)
    for (input, binding) in zip(body.graph.inputs, body.bindings).sorted(by: { $0.0.name < $1.0.name }) {
      hasher.combine(input.name)
      switch binding {
      case .each(let operand):
        hasher.combine("each")
        hasher.combine(try identity(operand, lookup))
      case .shared(let operand):
        hasher.combine("shared")
        hasher.combine(try identity(operand, lookup))
      case .state(let index):
        hasher.combine("state")
        hasher.combine(states[index].name)
      case .wrt(let index):
        hasher.combine("wrt")
        hasher.combine(wrt[index].name)
      }
    }
  }

  /// The part of a loop's plan that decides what a state after some step is: not when it stops.
  private func chain(_ plan: FlatGraph.LoopPlan, _ hasher: inout ContentHasher) {
    for keep in plan.keep.sorted(by: { $0.name < $1.name }) {
      hasher.combine(keep.name)
      hasher.combine(keep.mode.rawValue)
    }
    hasher.combine(plan.saveEvery ?? 1)
    hasher.combine(plan.condition ?? "")
  }

  /// Key of a loop's result: where it stops belongs to it.
  static func loopResult(_ chain: Digest, _ plan: FlatGraph.LoopPlan) -> Digest {
    var hasher = ContentHasher()
    hasher.combine(chain)
    hasher.combine(plan.steps ?? -1)
    hasher.combine(plan.seconds ?? -1)
    hasher.combine(plan.relativeChange ?? -1)
    if let patience = plan.patience { hasher.combine(patience) }
    hasher.combine(plan.condition ?? "")
    return hasher.digest
  }

  /// Attributes as text in which a file counts by its content: a param `file`, or a field `file` of an object.
  private func canonical(_ attributes: Attributes) throws(Fault) -> String {
    try canonical(Literal.object(attributes.values)).description
  }

  private func canonical(_ literal: Literal) throws(Fault) -> Literal {
    switch literal {
    case .array(let items):
      var list: [Literal] = []
      for item in items { list.append(try canonical(item)) }
      return .array(list)
    case .object(var fields):
      for (name, value) in fields {
        if name == "file", case .string(let path) = value, Files.facts(path) != nil {
          fields[name] = .string("content \(try files.digest(path))")
        } else {
          fields[name] = try canonical(value)
        }
      }
      return .object(fields)
    default: return literal
    }
  }
}

extension Outline {
  func head(_ node: Int, _ maker: KeyMaker) throws(Fault) -> Digest {
    if let known = heads.withLock({ $0[node] }) { return known }
    let digest = try maker.head(graph.nodes[node])
    heads.withLock { $0[node] = digest }
    return digest
  }

  /// Digests of the bodies of a node.
  func bodyDigests(_ node: Int, _ maker: KeyMaker) throws(Fault) -> [Digest] {
    guard let bodies = bodies[node] else { return [] }
    var digests: [Digest] = []
    for body in bodies { digests.append(try body.digest(maker)) }
    return digests
  }

  /// What the graph computes from its inputs, whatever its nodes are called.
  func digest(_ maker: KeyMaker) throws(Fault) -> Digest { try structure(maker).digest }

  /// Per random numeric node, what tells it from others: what it computes from the graph's inputs, and its stream.
  func positions(_ maker: KeyMaker) throws(Fault) -> [Int: Digest] {
    if randomNodes.isEmpty { return [:] }
    let identities = try structure(maker).identities
    var positions: [Int: Digest] = [:]
    for node in randomNodes { positions[node] = graph.nodes[node].results.first.flatMap { identities[$0] } }
    return positions
  }

  private func structure(_ maker: KeyMaker) throws(Fault) -> Structure {
    if let known = structure.withLock({ $0 }) { return known }
    var identities: [Int: Digest] = [:]
    for input in graph.inputs {
      var hasher = ContentHasher()
      hasher.combine("body input")
      hasher.combine(input.name)
      identities[input.value] = hasher.digest
    }
    let site = KeyMaker.Site(seed: 0)
    func identity(_ value: Int) throws(Fault) -> Digest { identities[value]! }
    for unit in units {
      for index in unit.nodes {
        let node = graph.nodes[index]
        let key = try maker.node(
          node, head: try head(index, maker), bodies: try bodyDigests(index, maker), site: site, identity)
        for (position, value) in node.results.enumerated() { identities[value] = KeyMaker.result(key, position) }
      }
    }
    var hasher = ContentHasher()
    for output in graph.outputs.sorted(by: { $0.name < $1.name }) {
      // Of an output that is not wanted nothing is known.
      guard output.operand.values.allSatisfy({ identities[$0] != nil }) else { continue }
      hasher.combine(output.name)
      hasher.combine(try maker.identity(output.operand, identity))
    }
    let result = Structure(identities: identities, digest: hasher.digest)
    structure.withLock { $0 = result }
    return result
  }
}
