import Graph
import Language
import Tensors

/// A dry run: keys are made and looked up as far as contents are known, then demand is walked back from the outputs.
struct Planner {
  let engine: Engine
  let outline: Outline
  let options: RunOptions
  let ledger: RunLedger
  let given: [Int: Given]

  struct Knowledge {
    /// Identity for numeric and cheap consumers.
    var key: Digest?
    var content: Digest?
    var isStored = false
  }

  struct Findings {
    var values: [Knowledge]
    /// Key per node, where it is known (of a loop: of its chain of states).
    var chains: [Int: Digest] = [:]
    /// Reason per node, where its key is known and nothing is stored under it.
    var reasons: [Int: String] = [:]
  }

  func plan() throws(Fault) -> Plan {
    let findings = try findings()
    return report(demand(findings), findings)
  }

  func findings() throws(Fault) -> Findings {
    var findings = Findings(values: Array(repeating: Knowledge(), count: outline.graph.types.count))
    for (index, given) in given {
      findings.values[index] = Knowledge(key: given.content, content: given.content, isStored: false)
    }
    if options.usesCache { for unit in outline.units.indices { try look(unit, &findings) } }
    return findings
  }

  // MARK: Forward: what is known

  private func identity(_ value: Int, _ unit: Int, _ findings: Findings) throws(Fault) -> Digest? {
    switch outline.identityNeed(of: value, by: unit) {
    case .key: return findings.values[value].key
    case .content: return findings.values[value].content
    case .named, .value: return try known(value, findings).map { known throws(Fault) in try engine.keys.named(known) }
    }
  }

  private func known(_ value: Int, _ findings: Findings) -> Value? {
    given[value]?.value ?? findings.values[value].content.flatMap { engine.store.value($0) }
  }

  private func look(_ unit: Int, _ findings: inout Findings) throws(Fault) {
    let site = KeyMaker.Site(seed: options.seed)
    var arm: Int?
    if outline.units[unit].kind == .branch {
      arm = chosenArm(unit, findings)
      if arm == nil { return }
    }
    for index in outline.units[unit].nodes {
      let node = outline.graph.nodes[index]
      let reads =
        outline.units[unit].kind == .branch
        ? outline.branchValues(unit, arm: arm!) : Set(node.allOperands.flatMap(\.values)).sorted()
      var identities: [Int: Digest] = [:]
      for value in reads {
        identities[value] =
          outline.producer[value] == unit ? findings.values[value].key : try identity(value, unit, findings)
      }
      // An input that is yet to be made: nothing can be said of this node.
      if identities.count < reads.count { continue }
      let known = identities
      let keys = engine.keys
      let chain = try keys.node(
        node, head: try outline.head(index, keys), bodies: try outline.bodyDigests(index, keys), arm: arm, site: site
      ) { value throws(Fault) in known[value]! }
      findings.chains[index] = chain
      let isTransparent = outline.units[unit].isTransparent
      for (position, value) in node.results.enumerated() {
        if outline.units[unit].isNumeric || isTransparent {
          findings.values[value].key = KeyMaker.result(chain, position)
        }
      }
      note(node, index, chain, identities, findings: &findings)
    }
  }

  private func note(
    _ node: FlatGraph.Node, _ index: Int, _ chain: Digest, _ identities: [Int: Digest], findings: inout Findings
  ) {
    let isNumeric = Outline.isNumeric(node)
    var isFound = node.policy.cache != .off
    if isFound {
      let key = node.resultKey(chain)
      let record = isNumeric ? nil : engine.store.record(key)
      for (position, value) in node.results.enumerated() {
        let own = isNumeric ? engine.store.record(KeyMaker.result(chain, position)) : record
        let place = isNumeric ? 0 : node.recordOrder[position]
        guard let own, own.digests.indices.contains(place) else {
          isFound = false
          continue
        }
        findings.values[value].content = own.digests[place]
        findings.values[value].isStored = engine.store.has(own.digests[place])
      }
    }
    if isFound { return }
    let note = ledger.describe(
      node, in: outline, key: isNumeric ? chain : node.resultKey(chain), identities: identities, keys: engine.keys,
      seed: options.seed)
    var reason = node.policy.cache == .off ? "it is never cached" : note.reason(after: ledger.past[node.path])
    if let step = engine.store.checkpointSteps(loop: chain).last(where: { $0 <= node.steps ?? .max }) {
      reason += "; resumes at step \(step)"
    }
    findings.reasons[index] = reason
  }

  private func chosenArm(_ unit: Int, _ findings: Findings) -> Int? {
    guard case .branch(let condition, _, let otherwise) = outline.graph.nodes[outline.units[unit].nodes[0]].structure
    else { return nil }
    var values: [Int: Value] = [:]
    for value in condition.values { values[value] = known(value, findings) }
    guard values.count == Set(condition.values).count, let flag = (try? evaluate(condition, values))?.flag else {
      return nil
    }
    return flag ? 0 : (otherwise == nil ? -1 : 1)
  }

  // MARK: Backward: what is needed

  /// Per node: whether it runs, and whose need makes it run although it is known.
  private func demand(_ findings: Findings) -> [Int: Bool] {
    var needs: [Int: Need] = [:]
    for value in outline.wanted { needs[value] = .value }
    var runs: [Int: Bool] = [:]
    for unit in outline.units.indices.reversed() {
      let outputs = outline.units[unit].outputs.filter { needs[$0] != nil }
      guard !outputs.isEmpty else { continue }
      let missing = outputs.filter { value in
        let known = findings.values[value]
        switch needs[value]! {
        case .value, .named: return !known.isStored
        case .content: return known.content == nil
        case .key: return false
        }
      }
      for node in outline.units[unit].nodes
      where outputs.contains(where: { outline.maker[$0] == node }) || !missing.isEmpty {
        runs[node] = false
      }
      let inputs: [Int]
      if outline.units[unit].isNumeric {
        let cuts = Set(
          outline.units[unit].nodes.flatMap { outline.graph.nodes[$0].results }
            .filter { findings.values[$0].isStored && !missing.contains($0) })
        let all = outline.reach(unit, outputs)
        for node in all.nodes { runs[node] = false }
        let part = outline.reach(unit, missing, cuts: cuts)
        for node in part.nodes { runs[node] = true }
        for value in part.inputs { needs[value] = .value }
        inputs = all.inputs
      } else {
        let arm = chosenArm(unit, findings)
        inputs =
          outline.units[unit].kind == .branch && arm != nil
          ? outline.branchValues(unit, arm: arm!) : outline.units[unit].inputs
        if !missing.isEmpty {
          runs[outline.units[unit].nodes[0]] = true
          for value in inputs { needs[value] = .value }
        }
      }
      for value in inputs where outline.producer[value] >= 0 {
        needs[value] = max(needs[value] ?? .key, options.usesCache ? outline.identityNeed(of: value, by: unit) : .value)
      }
    }
    return runs
  }

  // MARK: Report

  private func report(_ runs: [Int: Bool], _ findings: Findings) -> Plan {
    var entries: [Plan.Entry] = []
    for (index, node) in outline.graph.nodes.enumerated() {
      guard let willRun = runs[index] else { continue }
      let past = ledger.past[node.path]
      let bytes = size(node) ?? past?.bytes
      let seconds = past?.seconds ?? (Outline.isNumeric(node) ? nil : engine.costs.expected(node.op.name, work: bytes))
      let isInside = Outline.isNumeric(node) && past != nil && past?.seconds == nil
      entries.append(
        Plan.Entry(
          path: node.path, op: node.op.name, place: node.place, willRun: willRun,
          reason: willRun ? reason(node, index, runs, findings) : "cached",
          seconds: isInside ? 0 : seconds, bytes: bytes))
    }
    let memory = PeakMemory(
      registry: engine.registry, compiler: engine.compiler,
      inflight: min(engine.width, options.inflight ?? .max), gathers: options.inflight == nil,
      checkpoints: options.usesCache,
      measured: { ledger.past[$0.path]?.bytes })
    let peak = memory.peak(outline) { runs[$0] == true }
    return Plan(entries: entries, peakBytes: peak.bytes, peakPath: peak.path)
  }

  private func reason(_ node: FlatGraph.Node, _ index: Int, _ runs: [Int: Bool], _ findings: Findings) -> String {
    if !options.usesCache { return "the cache is off" }
    if let reason = findings.reasons[index] { return reason }
    let above = node.allOperands.flatMap(\.values).map { outline.maker[$0] }.first { $0 >= 0 && runs[$0] == true }
    let isKnown = node.results.contains { findings.values[$0].content != nil }
    if !isKnown, let above { return "it depends on \(outline.graph.nodes[above].path), which runs" }
    return "its result is needed and was not kept"
  }

  private func size(_ node: FlatGraph.Node) -> Int? {
    var bytes = 0
    for value in node.results {
      guard let own = outline.graph.types[value].bytes else { return nil }
      bytes += own
    }
    return bytes
  }
}

extension FlatGraph.Node {
  /// The last step of a loop, where the plan says.
  var steps: Int? {
    switch structure {
    case .loop(_, _, let plan), .minimize(_, _, _, _, _, let plan): plan.steps
    default: nil
    }
  }
}
