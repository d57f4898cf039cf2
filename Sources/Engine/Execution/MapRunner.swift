import Graph
import Language
import Tensors

/// Runs a body once per item, a bounded number at a time; an item starts when one before it is done.
final class MapRunner: Sendable {
  private struct State {
    /// Items in flight at most.
    var width: Int
    var next = 0
    var active = 0
    var done = 0
    var failed = 0
    /// Per item: its body outputs in the order of the node's ports; nil while open or where skipped.
    var results: [[Value]?]
    var fault: (item: Int, fault: Fault)?
  }

  private let execution: Execution
  private let unit: Int
  private let node: FlatGraph.Node
  private let body: Outline
  private let operands: [FlatGraph.Operand]
  /// Per body input: one value for all items, or a list.
  private let shared: [Int: Given]
  private let lists: [Int: [Value]]
  private let listSources: [Int: [Digest]]
  private let count: Int
  private let drawsRandom: Bool
  private let gatherer: Gatherer?
  private let start = Clock.now()
  private let sequence: Int
  private let state: Guarded<State>

  init(
    _ execution: Execution, _ unit: Int, _ node: FlatGraph.Node, _ body: Outline, operands: [FlatGraph.Operand],
    shared: [Int: Given], lists: [Int: [Value]], listSources: [Int: [Digest]], count: Int
  ) {
    self.execution = execution
    self.unit = unit
    self.node = node
    self.body = body
    self.operands = operands
    self.shared = shared
    self.lists = lists
    self.listSources = listSources
    self.count = count
    drawsRandom = body.drawsRandom
    sequence = execution.scope.nextSequence()
    gatherer = Gatherer(
      execution.scope, body, shared: shared.keys.sorted(), depth: execution.frame.depth + 1, limit: node.policy.batch)
    let width = max(1, min(node.policy.inflight ?? execution.scope.pool.width, execution.scope.inflight ?? .max))
    state = Guarded(State(width: width, results: Array(repeating: nil, count: count)))
  }

  func begin(_ turn: inout Turn) {
    if count == 0 { return finish(&turn) }
    launch(&turn)
  }

  /// Starts as many items as may be in flight.
  private func launch(_ turn: inout Turn) {
    let items = state.withLock { state -> Range<Int> in
      guard state.fault == nil else { return 0..<0 }
      let first = state.next
      state.next = max(first, min(count, first + state.width - state.active))
      state.active += state.next - first
      return first..<state.next
    }
    for item in items {
      let rank = Rank(depth: execution.frame.depth + 1, sequence: sequence, order: item)
      turn.push(Job(rank: rank, queue: .cpu) { self.run(item, &$0) })
    }
  }

  /// So many items are to run together: those, and others that get ready meanwhile, where the file sets no bound.
  private func makeRoom(_ items: Int, _ turn: inout Turn) {
    if node.policy.inflight != nil || execution.scope.inflight != nil { return }
    let width = items + execution.scope.pool.width
    let isMore = state.withLock { state -> Bool in
      defer { state.width = max(state.width, width) }
      return state.width < width
    }
    if isMore { launch(&turn) }
  }

  private func run(_ item: Int, _ turn: inout Turn) {
    if execution.isStopped { return ended(item, .failure(.cancelled), &turn) }
    do throws(Fault) {
      let isCaching = execution.isCaching
      var inputs = shared
      var hasher = ContentHasher()
      if let outer = execution.frame.item { hasher.combine(outer) }
      for (index, list) in lists.sorted(by: { $0.key < $1.key }) {
        var given = Given(value: list[item])
        if isCaching || drawsRandom {
          let digest = try execution.scope.keys.content(list[item])
          hasher.combine(digest)
          given.content = digest
          let own = execution.fileSources(list[item])
          given.sources = own.isEmpty ? listSources[index] ?? [] : own
        }
        inputs[index] = given
      }
      let outer = execution.frame
      var frame = Execution.Frame(
        prefix: "\(execution.path(node))[\(item)]/", depth: outer.depth + 1, item: drawsRandom ? hasher.digest : nil,
        step: outer.step, isCaching: outer.isCaching, parent: execution)
      if let gatherer {
        frame.gatherer = gatherer
        frame.makesRoom = { self.makeRoom($0, &$1) }
      }
      let child = Execution(execution.scope, body, frame, inputs: inputs) { result, turn in
        self.ended(item, result, &turn)
      }
      child.start(&turn)
    } catch { ended(item, .failure(error), &turn) }
  }

  private func ended(_ item: Int, _ result: Result<[Int: Value], Fault>, _ turn: inout Turn) {
    var values: [Value]?
    var fault: Fault?
    do throws(Fault) {
      let found = try result.get()
      var list: [Value] = []
      for operand in operands { list.append(try evaluate(operand, found)) }
      values = list
    } catch { fault = error }
    let (isOver, done, failed) = state.withLock { state -> (Bool, Int, Int) in
      state.active -= 1
      state.done += 1
      if let fault {
        state.failed += 1
        if node.policy.onError == .fail || fault.isCancellation {
          if state.fault == nil || item < state.fault!.item { state.fault = (item, fault) }
        } else if node.policy.onError == .null {
          state.results[item] = Array(repeating: .none, count: operands.count)
        }
      } else {
        state.results[item] = values
      }
      let isOver = state.active == 0 && (state.fault != nil || state.next == count)
      return (isOver, state.done, state.failed)
    }
    execution.scope.send(.item(path: execution.path(node), done: done, of: count, failed: failed))
    if isOver { finish(&turn) } else { launch(&turn) }
  }

  private func finish(_ turn: inout Turn) {
    let (results, fault) = state.withLock { ($0.results, $0.fault) }
    if let (item, fault) = fault {
      let path = "\(execution.path(node))[\(item)]"
      execution.fail(
        unit, fault.isCancellation ? fault : fault.noting("item \(path)").inside(node, execution.path(node)), &turn)
    } else {
      let kept = results.compactMap { $0 }
      let lists = operands.indices.map { index in Value.list(kept.map { $0[index] }) }
      do throws(Fault) {
        try execution.finished(unit, lists, start: start, end: Clock.now(), work: 0, &turn)
      } catch { execution.fail(unit, error.inside(node, execution.path(node)), &turn) }
    }
    execution.jobEnded(&turn)
  }
}

extension Outline {
  /// Whether any op of the graph or its bodies draws random numbers.
  var drawsRandom: Bool {
    graph.nodes.contains { $0.op.isRandom } || bodies.values.joined().contains { $0.drawsRandom }
  }

  /// The outputs that stand for `ports`, by name.
  func outputs(_ ports: [String]) throws(Fault) -> [FlatGraph.Operand] {
    var operands: [FlatGraph.Operand] = []
    for port in ports {
      guard let output = graph.outputs.first(where: { $0.name == port }) else {
        throw .noBodyOutput(port, graph.outputs.map(\.name))
      }
      operands.append(output.operand)
    }
    return operands
  }
}

extension Execution {
  /// A value as an input of a body, with its content's digest where keys are made.
  func given(_ operand: FlatGraph.Operand, _ values: [Int: Value]) throws(Fault) -> Given {
    let value = try evaluate(operand, values)
    var given = Given(value: value)
    if isCaching {
      if case .value(let index) = operand { given.content = read { $0.slots[index].content } }
      if given.content == nil { given.content = try scope.keys.content(value) }
      given.sources = sources(operand)
      if given.sources.isEmpty { given.sources = fileSources(value) }
    }
    return given
  }

  func sources(_ operand: FlatGraph.Operand) -> [Digest] {
    read { board in merged(operand.values.map { board.slots[$0].sources }) }
  }

  func startMap(_ unit: Int, _ node: FlatGraph.Node, _ turn: inout Turn) throws(Fault) {
    let index = outline.units[unit].nodes[0]
    let body = node.bodies[0]
    let inner = outline.bodies[index]![0]
    let values = values(outline.units[unit].inputs)
    var shared: [Int: Given] = [:]
    var lists: [Int: [Value]] = [:]
    var listSources: [Int: [Digest]] = [:]
    var lengths: [(name: String, count: Int)] = []
    for (input, binding) in zip(body.graph.inputs, body.bindings) {
      switch binding {
      case .each(let operand):
        let value = try evaluate(operand, values)
        guard case .list(let items) = value else { throw .notAList(input.name, value.kind) }
        lists[input.value] = items
        listSources[input.value] = sources(operand)
        lengths.append((input.name, items.count))
      case .shared(let operand): shared[input.value] = try given(operand, values)
      case .state, .wrt: continue
      }
    }
    guard Set(lengths.map(\.count)).count <= 1 else { throw .unequalZip(lengths) }
    let runner = MapRunner(
      self, unit, node, inner, operands: try inner.outputs(node.ports), shared: shared, lists: lists,
      listSources: listSources, count: lengths.first?.count ?? 0)
    runner.begin(&turn)
  }

  /// Runs the chosen body of a branch.
  func startBranch(_ unit: Int, _ node: FlatGraph.Node, _ turn: inout Turn) throws(Fault) {
    let start = Clock.now()
    let arm = read { $0.units[unit].arm ?? -1 }
    guard arm >= 0 else {
      let nothing = node.results.map { _ in Value.none }
      try finished(unit, nothing, start: start, end: Clock.now(), work: 0, &turn)
      return jobEnded(&turn)
    }
    let inner = outline.bodies[outline.units[unit].nodes[0]]![arm]
    let values = values(outline.branchValues(unit, arm: arm))
    var inputs: [Int: Given] = [:]
    for (input, binding) in zip(inner.graph.inputs, node.bodies[arm].bindings) {
      if case .shared(let operand) = binding { inputs[input.value] = try given(operand, values) }
    }
    // The two bodies may give different outputs; what the chosen one does not give is absent.
    let operands = node.ports.map { port in
      inner.graph.outputs.first { $0.name == port }?.operand ?? .constant(.none)
    }
    let child = Execution(scope, inner, inside(node), inputs: inputs) { [self] result, turn in
      do throws(Fault) {
        let found = try result.get()
        var results: [Value] = []
        for operand in operands { results.append(try evaluate(operand, found)) }
        try finished(unit, results, start: start, end: Clock.now(), work: 0, &turn)
      } catch { fail(unit, error.inside(node, path(node)), &turn) }
      jobEnded(&turn)
    }
    child.start(&turn)
  }

  /// The frame of a body that runs once.
  func inside(_ node: FlatGraph.Node) -> Frame {
    var inner = frame
    inner.prefix = path(node) + "/"
    inner.depth += 1
    inner.gatherer = nil
    inner.makesRoom = nil
    inner.parent = self
    return inner
  }
}
