import Graph
import Language
import Workers
import Tensors

/// A value handed to an execution from outside, with what is known of it.
struct Given: Sendable {
  var value: Value
  var content: Digest?
  var sources: [Digest] = []
}

/// One execution of a flat graph: of the whole, of a map's item, of a loop's step. Many run side by side; nothing waits:
/// `completion` is called by whichever thread finishes the last wanted value.
final class Execution: Sendable {
  typealias Completion = @Sendable (Result<[Int: Value], Fault>, inout Turn) -> Void

  struct Frame: Sendable {
    /// Put before the paths of nodes: `faces[3]/`.
    var prefix = ""
    var depth = 0
    var item: Digest?
    var step: UInt64 = 0
    var isCaching = true
    /// Of a map's item: where it meets the others.
    var gatherer: Gatherer?
    /// Lets so many items be in flight that as many can meet.
    var makesRoom: (@Sendable (Int, inout Turn) -> Void)?
    /// The execution that this one is part of: stops when that one does.
    var parent: Execution?
  }

  let scope: RunScope
  let outline: Outline
  let frame: Frame
  private let sequence: Int
  private let completion: Completion

  private struct State {
    var board: Board
    /// Jobs handed to the pool and not yet over.
    var inFlight = 0
    var fault: (order: Int, fault: Fault)?
    var isOver = false
  }

  private let state: Guarded<State>

  init(
    _ scope: RunScope, _ outline: Outline, _ frame: Frame, inputs: [Int: Given], completion: @escaping Completion
  ) {
    self.scope = scope
    self.outline = outline
    self.frame = frame
    self.completion = completion
    sequence = scope.nextSequence()
    var board = Board(outline, isCaching: frame.isCaching && scope.store != nil)
    for (index, given) in inputs {
      board.slots[index].value = given.value
      board.slots[index].content = given.content
      board.slots[index].key = given.content
      board.slots[index].sources = given.sources
    }
    state = Guarded(State(board: board))
  }

  var isCaching: Bool { frame.isCaching && scope.store != nil }

  func start(_ turn: inout Turn) { update(&turn) { $0.start() } }

  func path(_ node: FlatGraph.Node) -> String { NodePath.join(frame.prefix, node.path) }

  /// Tells of something at a node that the run survives.
  func warn(_ fault: Fault?, _ node: FlatGraph.Node) { if let fault { warning(node)(fault) } }

  /// The same for later: a stream tells when it is read. Does not hold this execution.
  func warning(_ node: FlatGraph.Node) -> @Sendable (Fault) -> Void {
    let (scope, path) = (scope, path(node))
    return { fault in
      var fault = fault.inside(node, path)
      fault.severity = .warning
      scope.send(.warned(fault))
    }
  }

  func node(_ unit: Int) -> FlatGraph.Node { outline.graph.nodes[outline.units[unit].nodes[0]] }

  func read<R>(_ body: (borrowing Board) -> R) -> R { state.withLock { body($0.board) } }

  // MARK: Progress

  /// Changes the board and turns what became possible into jobs.
  func update(_ turn: inout Turn, _ change: (inout Board) -> Void) {
    var isFinished = false
    let actions = state.withLock { state -> [Board.Action] in
      guard state.fault == nil, !state.isOver else { return [] }
      change(&state.board)
      var actions = state.board.takeActions()
      actions.removeAll { action in
        guard case .finish = action else { return false }
        isFinished = true
        return true
      }
      if isFinished { state.isOver = true }
      state.inFlight += actions.count
      return actions
    }
    for action in actions { turn.push(job(action)) }
    if isFinished { finish(&turn) }
  }

  private func job(_ action: Board.Action) -> Job {
    let unit: Int
    var queue = Host.Queue.cpu
    switch action {
    case .decide(let index), .resolve(let index): unit = index
    case .load(let index):
      unit = index
      queue = .io
    case .run(let index):
      unit = index
      if outline.units[unit].kind == .host, case .host(let host) = node(unit).op.action { queue = host.queue }
    case .finish: preconditionFailure("finishing is no job")
    }
    let rank = Rank(depth: frame.depth, sequence: sequence, order: outline.units[unit].order)
    return Job(rank: rank, queue: queue) { self.perform(action, unit, &$0) }
  }

  /// Whether the job of a unit may go on; ends it where not.
  func mayGoOn(_ unit: Int, _ turn: inout Turn) -> Bool {
    if scope.cancel.isCancelled || frame.parent?.isStopped == true { fail(unit, .cancelled, &turn) }
    if hasEnded {
      jobEnded(&turn)
      return false
    }
    return true
  }

  private func perform(_ action: Board.Action, _ unit: Int, _ turn: inout Turn) {
    guard mayGoOn(unit, &turn) else { return }
    switch action {
    case .decide: decide(unit, &turn)
    case .resolve: resolve(unit, &turn)
    case .load: load(unit, &turn)
    case .run: return run(unit, &turn)
    case .finish: break
    }
    jobEnded(&turn)
  }

  private var hasEnded: Bool { state.withLock { $0.fault != nil || $0.isOver } }

  /// Whether nothing new should start: interrupted, or something failed here or further out.
  var isStopped: Bool { scope.cancel.isCancelled || hasEnded || frame.parent?.isStopped == true }

  /// To be called once for each job, also for a job whose work went on elsewhere (a map, a loop).
  func jobEnded(_ turn: inout Turn) {
    let fault = state.withLock { state -> Fault? in
      state.inFlight -= 1
      guard let fault = state.fault, state.inFlight == 0, !state.isOver else { return nil }
      state.isOver = true
      return fault.fault
    }
    if let fault { completion(.failure(fault), &turn) }
  }

  /// Stops the execution: nothing new starts, what runs is let finish. Of several faults the first in the order of the
  /// graph is kept.
  func fail(_ unit: Int, _ fault: Fault, _ turn: inout Turn) {
    let order = outline.units[unit].nodes[0]
    state.withLock { state in
      if let known = state.fault {
        let isWorse = known.fault.isCancellation || (known.order > order && !fault.isCancellation)
        if !isWorse { return }
      }
      state.fault = (order, fault)
    }
    if !fault.isCancellation {
      let node = node(unit)
      scope.send(.failed(path: path(node), op: node.op.name, fault))
    }
  }

  private func finish(_ turn: inout Turn) {
    let (values, cached) = state.withLock { state -> ([Int: Value], [Int]) in
      var values: [Int: Value] = [:]
      for index in outline.wanted { values[index] = state.board.slots[index].value ?? Value.none }
      let cached = state.board.units.indices.filter {
        state.board.units[$0].hasBegun && state.board.units[$0].ran < outline.units[$0].nodes.count
      }
      return (values, cached)
    }
    if isCaching {
      for unit in cached {
        let ran = read { $0.units[unit].ran }
        scope.count(cached: outline.units[unit].nodes.count - ran)
        if ran == 0, scope.observer != nil {
          for index in outline.units[unit].nodes {
            let node = outline.graph.nodes[index]
            scope.send(.cached(path: path(node), op: node.op.name))
          }
        }
      }
    }
    completion(.success(values), &turn)
  }

  // MARK: Small steps

  private func load(_ unit: Int, _ turn: inout Turn) {
    let wanted = read { board in board.units[unit].toLoad.map { ($0, board.slots[$0].content) } }
    let values = wanted.map { index, content in (index: index, value: content.flatMap { scope.store?.value($0) }) }
    update(&turn) { $0.loaded(unit, values) }
  }

  private func decide(_ unit: Int, _ turn: inout Turn) {
    let node = node(unit)
    guard case .branch(let condition, _, let otherwise) = node.structure else { return }
    do throws(Fault) {
      let value = try evaluate(condition, values(outline.conditionValues(unit)))
      guard let flag = value.flag else { throw Fault.notBoolean(value.kind) }
      update(&turn) { $0.decided(unit, arm: flag ? 0 : (otherwise == nil ? -1 : 1)) }
    } catch { fail(unit, error.inside(node, path(node)), &turn) }
  }

  /// Values in memory, by index.
  func values(_ indices: [Int]) -> [Int: Value] {
    read { board in
      var values: [Int: Value] = [:]
      for index in indices { values[index] = board.slots[index].value }
      return values
    }
  }
}

extension Value {
  /// The value as a condition.
  var flag: Bool? {
    switch self {
    case .bool(let flag): flag
    case .tensor(let tensor) where tensor.count == 1 && tensor.dtype == .f32: tensor.elements(Float.self)[0] != 0
    case .tensor(let tensor) where tensor.count == 1 && tensor.dtype == .bool: tensor.bytes[0] != 0
    default: nil
    }
  }
}

/// The value that an operand stands for, from the values it reads.
func evaluate(_ operand: FlatGraph.Operand, _ values: [Int: Value]) throws(Fault) -> Value {
  switch operand {
  case .value(let index): return values[index] ?? .none
  case .constant(let value): return value
  case .list(let items):
    var list: [Value] = []
    for item in items { list.append(try evaluate(item, values)) }
    return .list(list)
  case .item(let list, let index):
    let value = try evaluate(list, values)
    guard case .list(let items) = value, items.indices.contains(index) else { throw .noItem(index, value.kind) }
    return items[index]
  }
}
