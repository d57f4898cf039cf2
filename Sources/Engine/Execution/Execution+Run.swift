import Graph
import Language
import Tensors

/// Running a unit and keeping what it gave.
extension Execution {
  func run(_ unit: Int, _ turn: inout Turn) {
    let node = node(unit)
    scope.send(.started(path: path(node), op: node.op.name, thread: turn.thread))
    do throws(Fault) {
      switch outline.units[unit].kind {
      case .host: try runHost(unit, node, &turn)
      // These go on after this job; they end it when they are done.
      case .numeric: return try runNumeric(unit, &turn)
      // Where they throw they have not gone on.
      case .map: return try startMap(unit, node, &turn)
      case .branch: return try startBranch(unit, node, &turn)
      case .loop: return try startLoop(unit, node, &turn)
      case .minimize: return try startMinimize(unit, node, &turn)
      }
    } catch { fail(unit, error.inside(node, path(node)), &turn) }
    jobEnded(&turn)
  }

  /// Operand values of a node, per port.
  func operands(_ node: FlatGraph.Node, _ values: [Int: Value]) throws(Fault) -> [[Value]] {
    var result: [[Value]] = []
    for port in node.operands {
      var list: [Value] = []
      for operand in port { list.append(try evaluate(operand, values)) }
      result.append(list)
    }
    return result
  }

  private func runHost(_ unit: Int, _ node: FlatGraph.Node, _ turn: inout Turn) throws(Fault) {
    guard case .host(let host) = node.op.action else { throw .failed("\(node.op.name) does not run by itself") }
    let values = values(outline.units[unit].inputs)
    var inputs = try operands(node, values)
    while inputs.count < node.op.inputs.count { inputs.append([]) }
    let seed = node.op.isRandom ? try seed(unit, node, values) : 0
    let start = Clock.now()
    let results = try host.run(
      HostCall(
        op: node.op, attributes: node.attributes, inputs: inputs, seed: seed,
        skip: node.policy.onError == .skip ? warning(node) : nil))
    let end = Clock.now()
    guard results.count == node.results.count else {
      throw .resultCount(node.op.name, results.count, node.results.count)
    }
    try finished(unit, results, start: start, end: end, work: inputs.joined().reduce(0) { $0 + $1.byteCount }, &turn)
  }

  /// The seed of a random node: its key, which holds the run's seed, the stream, the item and the step.
  func seed(_ unit: Int, _ node: FlatGraph.Node, _ values: [Int: Value]) throws(Fault) -> UInt64 {
    if let key = read({ $0.units[unit].key }) { return key.low }
    let index = outline.units[unit].nodes[0]
    func identity(_ value: Int) throws(Fault) -> Digest { try scope.keys.content(values[value] ?? .none) }
    return try scope.keys.node(
      node, head: try outline.head(index, scope.keys), bodies: try outline.bodyDigests(index, scope.keys),
      site: site, identity
    ).low
  }

  /// The seed of what a loop draws inside: from the run's seed, the loop's place among what draws in its graph, and the
  /// item. Not from its key, which holds the kernel family and names what feeds the loop in one way with a store and in
  /// another without.
  func seedOfLoop(_ unit: Int, _ node: FlatGraph.Node) -> UInt64 {
    let index = outline.units[unit].nodes[0]
    var hasher = ContentHasher()
    hasher.combine("loop")
    hasher.combine(outline.graph.nodes[..<index].count { $0.isRandom })
    hasher.combine(site.seed)
    hasher.combine(node.policy.stream ?? "")
    if let item = site.item { hasher.combine(item) }
    hasher.combine(site.step)
    return hasher.digest.low
  }

  /// Takes in the results of a unit that is one node.
  func finished(
    _ unit: Int, _ results: [Value], start: UInt64, end: UInt64, work: Int, isFromStore: Bool = false,
    _ turn: inout Turn
  ) throws(Fault) {
    let node = node(unit)
    let seconds = Double(end - start) / 1e9
    let bytes = results.reduce(0) { $0 + $1.byteCount }
    let (chain, sources, debt) = read { board in
      let inputs = outline.units[unit].inputs
      return (
        board.units[unit].key, merged(inputs.map { board.slots[$0].sources }),
        inputs.reduce(seconds) { $0 + board.slots[$1].debt }
      )
    }
    var outcomes: [Board.Outcome] = []
    var digests: [Digest] = []
    for (index, value) in zip(node.results, results) {
      var outcome = Board.Outcome(index: index, value: value, content: nil, isStored: false)
      if let chain, isCaching {
        let digest = try scope.keys.content(value)
        outcome.content = digest
        digests.append(digest)
        if shouldStore(node, index, bytes: value.byteCount, debt: debt), chain != digest {
          outcome.isStored = scope.store?.put(value, digest, weightLimit: weightLimit(node)) ?? false
        }
      }
      outcomes.append(outcome)
    }
    let allSources = merged([sources] + (isCaching ? results.map { fileSources($0) } : []))
    if let chain, isCaching, shouldRecord(unit, node, debt: debt, isStored: outcomes.contains { $0.isStored }) {
      scope.store?.put(
        ResultRecord(
          op: node.op.name, digests: node.inRecordOrder(digests), sources: allSources, seconds: seconds, bytes: bytes,
          when: Clock.wall()),
        node.resultKey(chain))
    }
    scope.count(ran: 1)
    scope.costs.learn(node.op.name, seconds: seconds, work: work + bytes)
    if frame.depth == 0 {
      scope.ledger.measured(node.path, seconds: seconds, bytes: bytes)
      scope.ledger.ran([node.path])
    }
    scope.send(
      .finished(
        EngineEvent.Node(
          path: path(node), op: node.op.name, start: start, end: end, bytes: bytes, thread: turn.thread,
          isFromCache: isFromStore, alsoPaths: [])))
    let isTransparent = outline.units[unit].isTransparent
    update(&turn) { board in
      board.ran(unit, outcomes, nodes: 1, sources: allSources, debt: debt)
      if !isTransparent { for outcome in outcomes { board.slots[outcome.index].key = outcome.content } }
    }
  }

  /// Digests of the files that a value names; a path that cannot be read adds nothing.
  func fileSources(_ value: Value) -> [Digest] {
    Set(value.filePaths.compactMap { try? scope.keys.files.digest($0) }).sorted()
  }

  /// Whether a result's bytes are worth keeping: what costs more to compute again than to read, what an output or a
  /// loop needs, what the author asked for.
  func shouldStore(_ node: FlatGraph.Node, _ index: Int, bytes: Int, debt: Double) -> Bool {
    switch node.policy.cache {
    case .off: return false
    case .keep: return true
    case .auto: break
    }
    if case .plain = node.structure {} else if frame.depth == 0 { return true }
    if frame.depth == 0 && outline.isWanted[index] { return true }
    // A loop that runs again with other settings finds what it reads.
    if frame.depth == 0, outline.consumers[index].contains(where: { outline.units[$0].isLoop }) { return true }
    let reading = 1e-4 + Double(bytes) / 1.5e9
    return debt > 2 * reading
  }

  private func shouldRecord(_ unit: Int, _ node: FlatGraph.Node, debt: Double, isStored: Bool) -> Bool {
    if node.policy.cache == .off { return false }
    if isStored || node.policy.cache == .keep { return true }
    if outline.units[unit].isTransparent { return false }
    // Inside maps an entry for something that takes less than writing the entry only slows things down.
    return frame.depth == 0 || debt > 2e-4
  }

  private func weightLimit(_ node: FlatGraph.Node) -> Int {
    if case .plain = node.structure { 1 << 20 } else { .max }
  }
}
