import Graph
import Language
import Tensors

/// Making keys and asking the store.
extension Execution {
  private struct Snapshot {
    var identities: [Int: Digest] = [:]
    /// Values whose files' names count.
    var named: [Int: Value] = [:]
    var sources: [Int: [Digest]] = [:]
    var pending: [Int: Need] = [:]
    var expected = Set<Int>()
    var arm: Int?
  }

  var site: KeyMaker.Site { KeyMaker.Site(seed: scope.seed, item: frame.item, step: frame.step) }

  func resolve(_ unit: Int, _ turn: inout Turn) {
    var snapshot = read { board in
      var snapshot = Snapshot(arm: board.units[unit].arm)
      snapshot.expected = board.units[unit].expected
      for value in outline.units[unit].inputs {
        let slot = board.slots[value]
        switch outline.identityNeed(of: value, by: unit) {
        case .key: snapshot.identities[value] = slot.key
        case .content: snapshot.identities[value] = slot.content
        case .named, .value:
          snapshot.identities[value] = slot.named
          if slot.named == nil { snapshot.named[value] = slot.value }
        }
        snapshot.sources[value] = slot.sources
      }
      for value in outline.units[unit].outputs { snapshot.pending[value] = board.slots[value].pending }
      return snapshot
    }
    do throws(Fault) {
      for (index, value) in snapshot.named {
        let named = try scope.keys.named(value)
        snapshot.identities[index] = named
        update(&turn) { $0.slots[index].named = named }
      }
      if outline.units[unit].isNumeric {
        try resolveNumeric(unit, snapshot, &turn)
      } else {
        try resolveNode(unit, snapshot, &turn)
      }
    } catch {
      let node = node(unit)
      fail(unit, error.inside(node, path(node)), &turn)
    }
  }

  private func resolveNode(_ unit: Int, _ snapshot: Snapshot, _ turn: inout Turn) throws(Fault) {
    let index = outline.units[unit].nodes[0]
    let node = outline.graph.nodes[index]
    func identity(_ value: Int) throws(Fault) -> Digest { snapshot.identities[value]! }
    let chain = try scope.keys.node(
      node, head: try outline.head(index, scope.keys), bodies: try outline.bodyDigests(index, scope.keys),
      arm: snapshot.arm, site: site, identity)
    let isTransparent = outline.units[unit].isTransparent
    let wantsMore = snapshot.pending.values.contains { $0 > .key }
    var record: ResultRecord?
    if node.policy.cache != .off, !isTransparent || wantsMore { record = scope.store?.record(node.resultKey(chain)) }
    if let found = record, found.digests.count != node.results.count { record = nil }
    note(node, snapshot.identities, key: node.resultKey(chain))
    let sources = record?.sources ?? merged(snapshot.sources.values)
    let digests = record.map { record in node.recordOrder.map { record.digests[$0] } }
    let stored = digests?.map { scope.store?.has($0) ?? false }
    update(&turn) { board in
      board.units[unit].key = chain
      for (position, value) in node.results.enumerated() {
        board.slots[value].key =
          isTransparent ? KeyMaker.result(chain, position) : digests?[position] ?? board.slots[value].key
        board.slots[value].sources = sources
        if let record, let digests, let stored {
          board.slots[value].content = digests[position]
          board.slots[value].isStored = stored[position]
          board.slots[value].debt = stored[position] ? 0 : record.seconds
        }
      }
      board.resolved(unit)
    }
  }

  private func resolveNumeric(_ unit: Int, _ snapshot: Snapshot, _ turn: inout Turn) throws(Fault) {
    let wanted = outline.units[unit].outputs.filter { snapshot.pending[$0] != nil }
    let asked = outline.units[unit].outputs.filter { snapshot.pending[$0] != nil || snapshot.expected.contains($0) }
    let (nodes, inputs) = outline.reach(unit, asked)
    // Somebody asked for one more output while the inputs' identities came in: once more, with those of its inputs.
    guard inputs.allSatisfy({ snapshot.identities[$0] != nil }) else { return update(&turn) { $0.again(unit) } }
    var keys: [Int: Digest] = [:]
    func identity(_ value: Int) throws(Fault) -> Digest { keys[value] ?? snapshot.identities[value]! }
    for index in nodes {
      let node = outline.graph.nodes[index]
      let key = try scope.keys.node(
        node, head: try outline.head(index, scope.keys), bodies: [], site: site, identity)
      if frame.depth == 0 {
        var identities: [Int: Digest] = [:]
        for value in node.allOperands.flatMap(\.values) { identities[value] = try identity(value) }
        note(node, identities, key: key)
      }
      for (position, value) in node.results.enumerated() { keys[value] = KeyMaker.result(key, position) }
    }
    var records: [Int: ResultRecord] = [:]
    var isMissing = false
    for value in wanted where snapshot.pending[value]! > .key {
      if let record = record(keys[value]!, value) { records[value] = record } else { isMissing = true }
      if let digest = records[value]?.digests[0], snapshot.pending[value] == .value {
        isMissing = isMissing || !(scope.store?.has(digest) ?? false)
      }
    }
    if isMissing {
      for value in asked where records[value] == nil { records[value] = record(keys[value]!, value) }
    }
    // Values inside that an earlier run stored save what lies above them.
    var cuts: [Int: Digest] = [:]
    if isMissing, frame.depth == 0 {
      for index in nodes {
        for value in outline.graph.nodes[index].results where !asked.contains(value) {
          if let digest = record(keys[value]!, value)?.digests[0], scope.store?.has(digest) == true {
            cuts[value] = digest
          }
        }
      }
    }
    let sources = merged(snapshot.sources.values)
    let stored = records.mapValues { scope.store?.has($0.digests[0]) ?? false }
    update(&turn) { board in
      board.units[unit].cuts = cuts
      for value in outline.units[unit].outputs {
        if let key = keys[value] { board.slots[value].key = key }
        if board.slots[value].sources.isEmpty { board.slots[value].sources = sources }
        if let record = records[value], let isStored = stored[value] {
          board.slots[value].content = record.digests[0]
          board.slots[value].isStored = isStored
          board.slots[value].debt = isStored ? 0 : record.seconds
        }
      }
      board.resolved(unit)
    }
  }

  private func record(_ key: Digest, _ value: Int) -> ResultRecord? {
    guard outline.graph.nodes[outline.maker[value]].policy.cache != .off, let record = scope.store?.record(key),
      record.digests.count == 1
    else { return nil }
    return record
  }

  private func note(_ node: FlatGraph.Node, _ identities: [Int: Digest], key: Digest) {
    guard frame.depth == 0 else { return }
    scope.ledger.note(node, in: outline, key: key, identities: identities, keys: scope.keys, seed: scope.seed)
  }
}

extension FlatGraph.Node {
  /// Where each result stands in a record: for nodes with bodies by the ports' names, whose order in the file must not
  /// count; else in the op's order.
  var recordOrder: [Int] {
    guard !bodies.isEmpty else { return Array(results.indices) }
    let sorted = ports.indices.sorted { ports[$0] < ports[$1] }
    var order = Array(repeating: 0, count: ports.count)
    for (place, position) in sorted.enumerated() { order[position] = place }
    return order
  }

  func inRecordOrder(_ digests: [Digest]) -> [Digest] {
    var result = digests
    for (position, place) in recordOrder.enumerated() { result[place] = digests[position] }
    return result
  }

  /// The key of the finished result: a loop's depends on where it stops.
  func resultKey(_ chain: Digest) -> Digest {
    switch structure {
    case .loop(_, _, let plan), .minimize(_, _, _, _, _, let plan): KeyMaker.loopResult(chain, plan)
    default: chain
    }
  }
}

/// The union of sorted lists of digests, sorted.
func merged(_ lists: some Sequence<[Digest]>) -> [Digest] {
  var result: [Digest] = []
  var count = 0
  for list in lists where !list.isEmpty && list != result {
    count += 1
    result = result.isEmpty ? list : result + list
  }
  return count < 2 ? result : Set(result).sorted()
}
