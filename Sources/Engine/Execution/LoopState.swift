import Graph
import Language
import Tensors

/// Everything a loop is between two steps: what a checkpoint holds.
struct LoopState: Sendable {
  var step = 0
  /// Seconds spent so far, earlier runs included.
  var seconds = 0.0
  var loss: Double?
  var previousLoss: Double?
  var best = Double.infinity
  /// Measurements in a row that were no better than the best.
  var stale = 0
  /// Set when the method itself says that nothing more changes.
  var isFinished = false
  /// The session's state, or the loop's states.
  var values: [(name: String, value: Value)] = []
  /// What `keep` gathered: all of them, or the one last or best.
  var kept: [String: [Value]] = [:]
  var rows: [[Double]] = []

  init() {}

  /// Whether the plan says stop here. A function of the state alone, so that a resumed run stops where an unbroken one
  /// does.
  func shouldStop(_ plan: FlatGraph.LoopPlan) -> Bool {
    if isFinished { return true }
    if let steps = plan.steps, step >= steps { return true }
    if let patience = plan.patience, stale >= patience { return true }
    if let limit = plan.seconds, step > 0, seconds >= limit { return true }
    if let change = plan.relativeChange, let loss, let previousLoss {
      return abs(previousLoss - loss) < change * abs(previousLoss)
    }
    return false
  }

  mutating func keep(
    _ plan: FlatGraph.LoopPlan, isBest: Bool, _ value: (String) throws(Fault) -> Value
  ) throws(Fault) {
    for keep in plan.keep {
      let key = LoopState.key(keep)
      switch keep.mode {
      case .all:
        if step % max(1, plan.saveEvery ?? 1) == 0 { kept[key, default: []].append(try value(keep.name)) }
      case .last: kept[key] = [try value(keep.name)]
      case .best: if isBest { kept[key] = [try value(keep.name)] }
      }
    }
  }

  private static func key(_ keep: (name: String, mode: FlatGraph.LoopPlan.Keep)) -> String {
    "\(keep.name) \(keep.mode.rawValue)"
  }

  /// What was kept for a port of the node; nil where the port is a state's final value or something else.
  func result(_ port: String, _ plan: FlatGraph.LoopPlan, states: [String]) -> Value? {
    for keep in plan.keep where FlatGraph.LoopPlan.port(keep.name, keep.mode, states: states) == port {
      if keep.mode == .last, states.contains(keep.name) { return nil }
      let values = kept[LoopState.key(keep)] ?? []
      return keep.mode == .all ? .list(values) : values.last ?? Value.none
    }
    return nil
  }

  var encoded: Value {
    func record(_ fields: [(name: String, value: Value)]) -> Value { .record(Record(fields)) }
    return record([
      ("step", .int(step)), ("seconds", .number(seconds)), ("loss", loss.map { .number($0) } ?? .none),
      ("previous", previousLoss.map { .number($0) } ?? .none), ("best", .number(best)), ("stale", .int(stale)),
      ("finished", .bool(isFinished)), ("values", record(values)),
      ("kept", record(kept.sorted { $0.key < $1.key }.map { ($0.key, .list($0.value)) })),
      ("rows", .table(Table(columns: (rows.first ?? []).map { _ in "" }, rows: rows))),
    ])
  }

  init?(_ value: Value) {
    guard case .record(let record) = value, case .int(let step)? = record["step"],
      case .number(let seconds)? = record["seconds"], case .number(let best)? = record["best"],
      case .int(let stale)? = record["stale"],
      case .bool(let isFinished)? = record["finished"], case .record(let values)? = record["values"],
      case .record(let kept)? = record["kept"], case .table(let table)? = record["rows"]
    else { return nil }
    self.step = step
    self.seconds = seconds
    self.best = best
    self.stale = stale
    self.isFinished = isFinished
    self.values = values.fields
    for (name, value) in kept.fields { if case .list(let items) = value { self.kept[name] = items } }
    rows = table.rows
    if case .number(let loss)? = record["loss"] { self.loss = loss }
    if case .number(let previous)? = record["previous"] { previousLoss = previous }
  }
}

/// Decides when a loop's state is written, and removes the one before.
struct Checkpointer: Sendable {
  /// Seconds between states where the plan does not say.
  static let interval = 20.0

  let store: ResultStore?
  let loop: Digest?
  let every: Int?
  private var lastStep: Int
  private var own: Int?
  /// Why the last state could not be written.
  private var refusal: String?
  private var lastTime = Clock.now()

  init(store: ResultStore?, loop: Digest?, every: Int?, resumedAt step: Int) {
    self.store = store
    self.loop = loop
    self.every = every
    lastStep = step
  }

  /// Whether states have anywhere to go.
  var isOn: Bool { loop != nil && store != nil }

  func isDue(_ step: Int) -> Bool {
    guard isOn, step > lastStep else { return false }
    return every.map { step % max(1, $0) == 0 } ?? (Clock.seconds(since: lastTime) >= Checkpointer.interval)
  }

  /// A state that cannot be written leaves the one before in place; the fault says so, once until the reason changes.
  mutating func write(_ state: LoopState) -> Fault? {
    guard let store, let loop, state.step > lastStep else { return nil }
    lastTime = Clock.now()
    if let reason = store.putCheckpoint(state.encoded, loop: loop, step: state.step) {
      defer { refusal = reason }
      return reason == refusal ? nil : .checkpointRefused(state.step, reason, kept: lastStep, store.folder ?? "")
    }
    if let own { store.removeCheckpoint(loop: loop, step: own) }
    (own, lastStep, refusal) = (state.step, state.step, nil)
    return nil
  }
}
