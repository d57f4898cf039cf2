import Graph
import Language
import Tensors

/// Running a component: binding it to the values that arrived, compiling, and taking its outputs apart.
extension Execution {
  /// The part of a component that an execution needs.
  struct Part: Sendable {
    let unit: Int
    let nodes: [Int]
    let outputs: [Int]
  }

  func runNumeric(_ unit: Int, _ turn: inout Turn) throws(Fault) {
    // In one look: what this component made earlier may be released by its last reader at any moment.
    let (outputs, nodes, inputs, cutDigests, found) = read { board in
      let state = board.units[unit]
      let cuts = board.cuts(unit)
      var outputs = state.toRun
      var (nodes, inputs) = outline.reach(unit, outputs, cuts: cuts)
      let kept = nodes.flatMap { outline.graph.nodes[$0].policy.cache == .keep ? outline.graph.nodes[$0].results : [] }
      for value in kept where !outputs.contains(value) && !cuts.contains(value) { outputs.append(value) }
      if outputs.count > state.toRun.count { (nodes, inputs) = outline.reach(unit, outputs, cuts: cuts) }
      var values: [Int: Value] = [:]
      for index in inputs { values[index] = board.slots[index].value }
      return (outputs, nodes, inputs, state.cuts, values)
    }
    var values = found
    if inputs.contains(where: { values[$0] == nil && cutDigests[$0] == nil }) {
      update(&turn) { $0.askAgain(unit) }
      return jobEnded(&turn)
    }
    for value in inputs where values[value] == nil {
      guard let digest = cutDigests[value] else { continue }
      guard let stored = scope.store?.value(digest) else {
        update(&turn) { $0.lostCut(unit, value) }
        return jobEnded(&turn)
      }
      values[value] = stored
    }
    let part = Part(unit: unit, nodes: nodes, outputs: outputs)
    let key = RegionKey(
      unit: unit, outputs: outputs, inputs: inputs, types: inputs.map { (values[$0] ?? .none).signature })
    let bound = try bind(part, key, values)
    if let gatherer = frame.gatherer {
      let limit = gatherer.limit(key, bound)
      if limit > 1 {
        frame.makesRoom?(limit, &turn)
        let arrival = Gatherer.Arrival(execution: self, part: part, values: values, bound: bound)
        return gatherer.arrive(arrival, key, limit: limit, &turn)
      }
    }
    runAlone(part, values, bound, &turn)
  }

  /// Runs a component for this execution alone and ends the job.
  func runAlone(_ part: Part, _ values: [Int: Value], _ bound: BoundRegion, _ turn: inout Turn) {
    let node = node(part.unit)
    do throws(Fault) {
      let start = Clock.now()
      let results = try execute(bound, values)
      try took(part, results, bound, start: start, end: Clock.now(), gathered: 1, &turn)
    } catch { fail(part.unit, error.inside(node, path(node)), &turn) }
    jobEnded(&turn)
  }

  /// Takes this item's results of a program that ran for several, and ends the job.
  func tookGathered(
    _ part: Part, _ results: [Tensor], _ bound: BoundRegion, start: UInt64, end: UInt64, gathered: Int,
    _ turn: inout Turn
  ) {
    let node = node(part.unit)
    do throws(Fault) {
      try took(part, results, bound, start: start, end: end, gathered: gathered, &turn)
    } catch { fail(part.unit, error.inside(node, path(node)), &turn) }
    jobEnded(&turn)
  }

  private func bind(_ part: Part, _ key: RegionKey, _ values: [Int: Value]) throws(Fault) -> BoundRegion {
    let (nodes, outputs) = (part.nodes, part.outputs)
    if let known = outline.regions.withLock({ $0[key] }) { return known }
    var builder = RegionBuilder(
      outline.graph, expected: nodes.count, values: values, positions: try outline.positions(scope.keys),
      registry: scope.registry)
    for index in nodes { try builder.add(index, pathPrefix: "") }
    let ids = outputs.map { builder.defined[$0]! }
    builder.emitter.setOutputs(ids)
    let region = builder.emitter.region
    let first = outline.graph.nodes[nodes[0]]
    let executable: any Executable
    do { executable = try scope.compiler.compile(region, Demand()) } catch { throw error.at(first.place) }
    let bound = BoundRegion(
      region: region, executable: executable, sources: builder.sources, outputTypes: ids.map { region.types[$0] })
    outline.regions.withLock {
      // Items of ever new sizes must not pile up programs.
      if $0.count >= 64 { $0.removeAll() }
      $0[key] = bound
    }
    return bound
  }

  private func execute(_ bound: BoundRegion, _ values: [Int: Value]) throws(Fault) -> [Tensor] {
    let tensors = bound.sources.map { (values[$0.value] ?? .none).at($0.path)!.memory! }
    var hasher = ContentHasher()
    hasher.combine(scope.seed)
    if let item = frame.item { hasher.combine(item) }
    let context = RunContext(seed: hasher.digest.low, step: frame.step, observer: scope.programs?.at(step: frame.step))
    let results = bound.executable.run(tensors, context)
    if let fault = scope.trap?.fault { throw fault }
    return results
  }

  private func took(
    _ part: Part, _ results: [Tensor], _ bound: BoundRegion, start: UInt64, end: UInt64, gathered: Int,
    _ turn: inout Turn
  ) throws(Fault) {
    let (unit, nodes, outputs) = (part.unit, part.nodes, part.outputs)
    let seconds = Double(end - start) / 1e9
    let (keys, sources, debt) = read { board in
      let above = outline.reach(unit, outputs).inputs
      return (
        outputs.map { board.slots[$0].key }, merged(above.map { board.slots[$0].sources }),
        above.reduce(seconds) { $0 + board.slots[$1].debt }
      )
    }
    var outcomes: [Board.Outcome] = []
    var bytes = 0
    for (position, index) in outputs.enumerated() {
      let value = Value(results[position], as: bound.outputTypes[position])
      bytes += value.byteCount
      var outcome = Board.Outcome(index: index, value: value, content: nil, isStored: false)
      let node = outline.graph.nodes[outline.maker[index]]
      if isCaching, let key = keys[position] {
        let digest = try scope.keys.content(value)
        outcome.content = digest
        if shouldStore(node, index, bytes: value.byteCount, debt: debt) {
          outcome.isStored = scope.store?.put(value, digest) ?? false
        }
        if node.policy.cache != .off, outcome.isStored || frame.depth == 0 || debt > 2e-4 {
          scope.store?.put(
            ResultRecord(
              op: node.op.name, digests: [digest], sources: sources, seconds: seconds, bytes: value.byteCount,
              when: Clock.wall()), key)
        }
      }
      outcomes.append(outcome)
    }
    scope.count(ran: nodes.count)
    scope.costs.learnProgram(operations: bound.executable.operations, seconds: seconds)
    let last = outline.graph.nodes[outline.maker[outputs[0]]]
    if frame.depth == 0 {
      scope.ledger.measured(last.path, seconds: seconds, bytes: bytes)
      scope.ledger.ran(nodes.map { outline.graph.nodes[$0].path })
    }
    if scope.observer != nil {
      let own = path(last)
      scope.send(
        .finished(
          EngineEvent.Node(
            path: own, op: nodes.count == 1 ? last.op.name : "region", start: start, end: end, bytes: bytes,
            thread: turn.thread, isFromCache: false,
            alsoPaths: nodes.map { path(outline.graph.nodes[$0]) }.filter { $0 != own }, gathered: gathered)))
    }
    update(&turn) { $0.ran(unit, outcomes, nodes: nodes.count, sources: sources, debt: debt) }
  }
}

extension Value {
  /// The types of what a region would read of the value: equal signatures bind to equal regions.
  var signature: ValueType {
    switch self {
    case .list(let items): .tuple(items.map(\.signature))
    default: concreteType(.any) ?? .named(kind)
    }
  }
}
