import Graph
import Language
import Tensors

/// Gathers items of a map that wait to run the same component on values of the same types, so that they run as one
/// program. A group runs when it is full, or when nothing of this rank is left to do: a machine with an idle thread never
/// waits for company.
final class Gatherer: Sendable {
  /// An item that waits: everything its component needs is there.
  struct Arrival: Sendable {
    let execution: Execution
    let part: Execution.Part
    let values: [Int: Value]
    let bound: BoundRegion
  }

  private struct State {
    var groups: [RegionKey: [Arrival]] = [:]
    var limits: [RegionKey: Int] = [:]
    var programs: [RegionKey: [Int: any Executable]] = [:]
  }

  /// Where the file does not say: no more items, and no more working memory, than this. A small network on 48 pictures
  /// took 9 % less processor time with 8 than alone and no less with 16.
  private static let mostItems = 8
  private static let mostBytes = 64 << 20

  /// What items that wait for each other may hold besides those that would be in flight anyway.
  static func mostBytes(item: Int) -> Int { min(mostBytes, mostItems * item) }

  private let scope: RunScope
  private let depth: Int
  private let limit: Int?
  /// Values of the body that are the same for all items.
  private let isUniform: [Bool]
  private let state = Guarded(State())

  /// nil where items are to run one by one. `limit`: the most items of a group; nil: as many as pay.
  init?(_ scope: RunScope, _ body: Outline, shared: [Int], depth: Int, limit: Int?) {
    // Who looks at single values sees them item by item.
    guard limit != 1, scope.programs?.seesValues != true else { return nil }
    self.scope = scope
    self.depth = depth
    self.limit = limit
    isUniform = body.uniformValues(shared: shared)
  }

  /// How many items run together; 1 where gathering does not pay.
  func limit(_ key: RegionKey, _ bound: BoundRegion) -> Int {
    if let known = state.withLock({ $0.limits[key] }) { return known }
    var result = 1
    if scope.compiler.gainsFromBatching(bound.region, isShared: isShared(bound)) {
      let executable = bound.executable
      let bytes = executable.workspaceBytes + executable.outputs.reduce(0) { $0 + $1.byteCount }
      result = limit ?? max(1, min(Gatherer.mostItems, Gatherer.mostBytes / max(1, bytes)))
    }
    state.withLock { $0.limits[key] = result }
    return result
  }

  private func isShared(_ bound: BoundRegion) -> [Bool] { bound.sources.map { isUniform[$0.value] } }

  /// Takes an item in. Its job goes on here: it is ended when the group has run.
  func arrive(_ arrival: Arrival, _ key: RegionKey, limit: Int, _ turn: inout Turn) {
    let (full, isFirst) = state.withLock { state -> ([Arrival]?, Bool) in
      state.groups[key, default: []].append(arrival)
      let count = state.groups[key]!.count
      return (count >= limit ? state.groups.removeValue(forKey: key) : nil, count == 1)
    }
    if let full { return run(full, key, &turn) }
    guard isFirst else { return }
    let rank = Rank(depth: depth, sequence: .max, order: 0)
    turn.push(
      Job(rank: rank, queue: .cpu, isDeferred: true) { turn in
        if let group = self.state.withLock({ $0.groups.removeValue(forKey: key) }) { self.run(group, key, &turn) }
      })
  }

  private func run(_ group: [Arrival], _ key: RegionKey, _ turn: inout Turn) {
    var rest = group[...]
    while !rest.isEmpty {
      rest = rest.filter { $0.execution.mayGoOn($0.part.unit, &turn) }[...]
      // Sizes that are powers of two: few programs, whatever the number of items.
      var size = 1
      while 2 * size <= rest.count { size *= 2 }
      run(together: Array(rest.prefix(size)), key, &turn)
      rest = rest.dropFirst(size)
    }
  }

  private func run(together items: [Arrival], _ key: RegionKey, _ turn: inout Turn) {
    guard items.count > 1, let program = program(items[0].bound, key, items.count) else {
      for item in items { item.execution.runAlone(item.part, item.values, item.bound, &turn) }
      return
    }
    var inputs: [Tensor] = []
    for (source, isShared) in zip(items[0].bound.sources, isShared(items[0].bound)) {
      for item in isShared ? items.prefix(1) : items[...] {
        inputs.append((item.values[source.value] ?? .none).at(source.path)!.memory!)
      }
    }
    let start = Clock.now()
    let results = program.run(
      inputs, RunContext(seed: 0, step: items[0].execution.frame.step, observer: scope.programs))
    let share = (Clock.now() - start) / UInt64(items.count)
    let width = items[0].part.outputs.count
    for (index, item) in items.enumerated() {
      let own = Array(results[index * width..<(index + 1) * width])
      let from = start + UInt64(index) * share
      item.execution.tookGathered(
        item.part, own, item.bound, start: from, end: from + share, gathered: items.count, &turn)
    }
  }

  /// The program for `count` items; nil where none can be made: each item then says itself what is wrong.
  private func program(_ bound: BoundRegion, _ key: RegionKey, _ count: Int) -> (any Executable)? {
    if let known = state.withLock({ $0.programs[key]?[count] }) { return known }
    let demand = Demand(batch: Batch(count: count, isShared: isShared(bound)))
    guard let program = try? scope.compiler.compile(bound.region, demand) else { return nil }
    state.withLock { $0.programs[key, default: [:]][count] = program }
    return program
  }
}

extension Outline {
  /// Per value, whether every item of a map over this graph has the same: it depends on `shared` inputs alone and on no
  /// chance.
  fileprivate func uniformValues(shared: [Int]) -> [Bool] {
    var isUniform = Array(repeating: false, count: graph.types.count)
    for value in shared { isUniform[value] = true }
    for unit in units {
      for index in unit.nodes {
        let node = graph.nodes[index]
        guard !node.op.isRandom, !(bodies[index] ?? []).contains(where: \.drawsRandom) else { continue }
        if node.allOperands.flatMap(\.values).allSatisfy({ isUniform[$0] }) {
          for value in node.results { isUniform[value] = true }
        }
      }
    }
    return isUniform
  }
}
