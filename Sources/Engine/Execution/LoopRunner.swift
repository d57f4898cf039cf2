import Graph
import Language
import Tensors

/// Runs a body again and again, its states carried from one round to the next. Every round is an execution of its own;
/// the next one starts from the completion of the last.
final class LoopRunner: Sendable {
  private struct State {
    var loop: LoopState
    var checkpointer: Checkpointer
  }

  private let execution: Execution
  private let unit: Int
  private let node: FlatGraph.Node
  private let body: Outline
  private let bindings: [FlatGraph.Body.Binding]
  private let states: [FlatGraph.State]
  private let plan: FlatGraph.LoopPlan
  private let shared: [Int: Given]
  private let start = Clock.now()
  private let earlier: Double
  private let resumedAt: Int
  private let lock: KeyLock?
  private let sequence: Int
  private let state: Guarded<State>

  init(
    _ execution: Execution, _ unit: Int, _ node: FlatGraph.Node, _ body: Outline, states: [FlatGraph.State],
    plan: FlatGraph.LoopPlan, shared: [Int: Given], from loop: LoopState, checkpointer: Checkpointer, lock: KeyLock?
  ) {
    self.execution = execution
    self.unit = unit
    self.node = node
    self.body = body
    self.states = states
    self.plan = plan
    self.shared = shared
    self.lock = lock
    bindings = node.bodies[0].bindings
    earlier = loop.seconds
    resumedAt = loop.step
    sequence = execution.scope.nextSequence()
    state = Guarded(State(loop: loop, checkpointer: checkpointer))
  }

  /// Queues the next round. A job of its own, so that loops of any length need no stack.
  func next(_ turn: inout Turn) {
    let rank = Rank(depth: execution.frame.depth + 1, sequence: sequence, order: 0)
    turn.push(Job(rank: rank, queue: .cpu) { self.round(&$0) })
  }

  private func round(_ turn: inout Turn) {
    let loop = state.withLock { $0.loop }
    if execution.isStopped {
      checkpoint()
      return fail(.cancelled, &turn)
    }
    if loop.shouldStop(plan) { return finish(&turn) }
    var inputs = shared
    for (input, binding) in zip(body.graph.inputs, bindings) {
      if case .state(let index) = binding { inputs[input.value] = Given(value: loop.values[index].value) }
    }
    var frame = execution.inside(node)
    frame.prefix = "\(execution.path(node))[\(loop.step)]/"
    frame.step = UInt64(loop.step)
    frame.isCaching = false
    let child = Execution(execution.scope, body, frame, inputs: inputs) { result, turn in
      self.ended(result, &turn)
    }
    child.start(&turn)
  }

  private func ended(_ result: Result<[Int: Value], Fault>, _ turn: inout Turn) {
    do throws(Fault) {
      let found = try result.get()
      var outputs: [String: Value] = [:]
      for output in body.graph.outputs { outputs[output.name] = try evaluate(output.operand, found) }
      let values = outputs
      let seconds = earlier + Clock.seconds(since: start)
      let step: Result<Int, Fault> = state.withLock { state in
        state.loop.step += 1
        state.loop.seconds = seconds
        for index in states.indices {
          if let value = values[states[index].name] { state.loop.values[index].value = value }
        }
        do throws(Fault) {
          try state.loop.keep(plan, isBest: true) { name throws(Fault) in
            guard let value = values[name] else { throw .noBodyOutput(name, values.keys.sorted()) }
            return value
          }
          if let condition = plan.condition {
            guard let value = values[condition] else { throw Fault.noBodyOutput(condition, values.keys.sorted()) }
            guard let flag = value.flag else { throw Fault.notBoolean(value.kind) }
            state.loop.isFinished = flag
          }
        } catch { return .failure(error) }
        return .success(state.loop.step)
      }
      report(try step.get(), seconds)
      if state.withLock({ $0.checkpointer.isDue($0.loop.step) }) { checkpoint() }
      next(&turn)
    } catch {
      if error.isCancellation { checkpoint() }
      fail(error, &turn)
    }
  }

  private func report(_ step: Int, _ seconds: Double) {
    let rate = Double(step - resumedAt) / max(1e-9, Clock.seconds(since: start))
    execution.scope.send(
      .step(
        EngineEvent.Step(
          path: execution.path(node), step: step, of: plan.steps, loss: nil, seconds: seconds, rate: rate,
          remaining: plan.steps.map { Double($0 - step) / rate })))
  }

  private func checkpoint() { execution.warn(state.withLock { $0.checkpointer.write($0.loop) }, node) }

  private func finish(_ turn: inout Turn) {
    checkpoint()
    let loop = state.withLock { $0.loop }
    let results = node.ports.map { port -> Value in
      if let kept = loop.result(port, plan, states: states.map(\.name)) { return kept }
      return loop.values.first { $0.name == port }?.value ?? .none
    }
    do throws(Fault) {
      try execution.finished(unit, results, start: start, end: Clock.now(), work: 0, &turn)
    } catch { return fail(error, &turn) }
    lock?.release()
    execution.jobEnded(&turn)
  }

  private func fail(_ fault: Fault, _ turn: inout Turn) {
    lock?.release()
    execution.fail(unit, fault.inside(node, execution.path(node)), &turn)
    execution.jobEnded(&turn)
  }
}

extension Execution {
  func startLoop(_ unit: Int, _ node: FlatGraph.Node, _ turn: inout Turn) throws(Fault) {
    guard case .loop(let body, let states, var plan) = node.structure else { return }
    let names = states.map(\.name)
    let keepPorts = plan.keep.map { FlatGraph.LoopPlan.port($0.name, $0.mode, states: names) }
    for port in node.ports where !(keepPorts + names).contains(port) { plan.keep.append((port, .last)) }
    guard plan.steps != nil || plan.seconds != nil || plan.condition != nil else { throw .unboundedLoop() }
    let chain = read { $0.units[unit].key }
    var lock: KeyLock?
    if let chain, isCaching {
      switch try takeLock(unit, node, chain, &turn) {
      case .mine(let own): lock = own
      case .elsewhere: return
      }
    }
    let values = values(outline.units[unit].inputs)
    var shared: [Int: Given] = [:]
    for (input, binding) in zip(body.graph.inputs, body.bindings) {
      if case .shared(let operand) = binding { shared[input.value] = Given(value: try evaluate(operand, values)) }
    }
    var loop = LoopState()
    for state in states { loop.values.append((state.name, try evaluate(state.start, values))) }
    if let chain, let found = resume(chain, plan, names: states.map(\.name)) { loop = found }
    let checkpointer = Checkpointer(
      store: isCaching ? scope.store : nil, loop: chain, every: plan.checkpointEvery, resumedAt: loop.step)
    let runner = LoopRunner(
      self, unit, node, outline.bodies[outline.units[unit].nodes[0]]![0], states: states, plan: plan, shared: shared,
      from: loop, checkpointer: checkpointer, lock: lock)
    runner.next(&turn)
  }

  /// The latest stored state of a loop at or before its last step.
  func resume(_ chain: Digest, _ plan: FlatGraph.LoopPlan, names: [String]? = nil) -> LoopState? {
    guard isCaching, let found = scope.store?.checkpoint(loop: chain, limit: plan.steps ?? .max),
      let state = LoopState(found.state), names == nil || state.values.map(\.name) == names
    else { return nil }
    return state
  }
}
