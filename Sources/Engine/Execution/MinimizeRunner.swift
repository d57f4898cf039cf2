import Graph
import Language
import Tensors

extension Execution {
  func startMinimize(_ unit: Int, _ node: FlatGraph.Node, _ turn: inout Turn) throws(Fault) {
    guard case .minimize(_, _, let wrt, let states, _, let plan) = node.structure else { return }
    guard plan.steps != nil || plan.seconds != nil || plan.relativeChange != nil else { throw .unboundedLoop() }
    var cuts: [MinimizeCut] = []
    for body in node.bodies { cuts.append(try MinimizeCut(body, pathPrefix: path(node) + "/")) }
    var lock: KeyLock?
    if isCaching, let chain = read({ $0.units[unit].key }) {
      switch try takeLock(unit, node, chain, &turn) {
      case .mine(let own): lock = own
      case .elsewhere: return
      }
    }
    let values = values(outline.units[unit].inputs)
    do throws(Fault) {
      let site = MinimizeSite(
        node, scope, pathPrefix: path(node) + "/", wrt: try starts(wrt, values), carried: try starts(states, values),
        outer: values)
      try evaluateFixed(unit, node, cuts, site, [], lock, &turn)
    } catch {
      lock?.release()
      throw error
    }
  }

  private func starts(
    _ states: [FlatGraph.State], _ values: [Int: Value]
  ) throws(Fault) -> [(name: String, start: Value)] {
    var result: [(name: String, start: Value)] = []
    for state in states { result.append((state.name, try evaluate(state.start, values))) }
    return result
  }

  /// What does not move is evaluated first, body by body, in executions of their own, with keys like everything else.
  private func evaluateFixed(
    _ unit: Int, _ node: FlatGraph.Node, _ cuts: [MinimizeCut], _ site: MinimizeSite, _ done: [[Int: Value]],
    _ lock: KeyLock?, _ turn: inout Turn
  ) throws(Fault) {
    guard done.count < cuts.count else {
      let runner = try MinimizeRunner(self, unit, node, cuts, site, fixed: done)
      // The steps work with copies and prepared forms: of what the body reads, much may go now.
      update(&turn) { $0.letGo(unit) }
      // The steps are a job of their own behind whatever is ready now.
      let rank = Rank(depth: frame.depth + 1, sequence: scope.nextSequence(), order: 0)
      turn.push(
        Job(rank: rank, queue: .cpu) { turn in
          do throws(Fault) { try runner.run(&turn) } catch {
            self.fail(unit, error.inside(node, self.path(node)), &turn)
          }
          lock?.release()
          self.jobEnded(&turn)
        })
      return
    }
    let cut = cuts[done.count]
    var inputs: [Int: Given] = [:]
    for (input, binding) in zip(cut.body.graph.inputs, cut.body.bindings) {
      if case .shared(let operand) = binding { inputs[input.value] = try given(operand, site.outer) }
    }
    let child = Execution(scope, Outline(cut.body.graph, wanted: cut.fixed), inside(node), inputs: inputs) {
      [self] result, turn in
      do throws(Fault) {
        try evaluateFixed(unit, node, cuts, site, done + [try result.get()], lock, &turn)
      } catch {
        lock?.release()
        fail(unit, error.inside(node, path(node)), &turn)
        jobEnded(&turn)
      }
    }
    child.start(&turn)
  }
}

/// The steps of one minimise node, on one thread at a time. The work inside a step is spread by the compiled program.
final class MinimizeRunner: @unchecked Sendable {
  // Unchecked because a session is not Sendable; the runner is handed to one job and used by that alone.
  private let execution: Execution
  private let unit: Int
  private let node: FlatGraph.Node
  private let plan: FlatGraph.LoopPlan
  /// What is optimised and what is carried, by name.
  private let moving: [String]
  private let session: any LoopSession
  private let seed: UInt64
  private var loop = LoopState()
  private var checkpointer: Checkpointer

  init(
    _ execution: Execution, _ unit: Int, _ node: FlatGraph.Node, _ cuts: [MinimizeCut], _ binding: MinimizeSite,
    fixed: [[Int: Value]]
  ) throws(Fault) {
    guard case .minimize(_, _, let wrt, let states, let loss, let plan) = node.structure,
      case .loop(let op) = node.op.action
    else { throw .noLoopOp(node.op.name) }
    self.execution = execution
    self.unit = unit
    self.node = node
    self.plan = plan
    moving = (wrt + states).map(\.name)
    let chain = execution.read { $0.units[unit].key }
    seed = execution.seedOfLoop(unit, node)
    var binding = binding
    session = try op.open(try binding.site(cuts, fixed: fixed, loss: loss, seed: seed))
    // The session judges what it is given: a fresh one has no outputs yet, so that names cannot be compared.
    if let chain, let found = execution.resume(chain, plan) {
      var state: [(name: String, tensor: Tensor)] = []
      for (name, value) in found.values { if case .tensor(let tensor) = value { state.append((name, tensor)) } }
      // A state that does not fit is a miss, as any other damaged entry.
      if (try? session.restore(state)) != nil { loop = found }
    }
    checkpointer = Checkpointer(
      store: execution.isCaching ? execution.scope.store : nil, loop: chain, every: plan.checkpointEvery,
      resumedAt: loop.step)
  }

  func run(_ turn: inout Turn) throws(Fault) {
    let scope = execution.scope
    let start = Clock.now()
    let earlier = loop.seconds
    let first = loop.step
    let path = execution.path(node)
    while !loop.shouldStop(plan) {
      if execution.isStopped {
        checkpoint()
        throw .cancelled
      }
      let context = RunContext(
        seed: seed, step: UInt64(loop.step), observer: scope.programs?.at(step: UInt64(loop.step)))
      let report: StepReport
      // The trap knows the node; the session only that the loss is no number.
      do throws(Fault) { report = try session.step(context) } catch {
        // Bad data or a loss that is no number costs nothing that was reached before.
        checkpoint()
        throw scope.trap?.fault ?? error
      }
      if let fault = scope.trap?.fault { throw fault }
      loop.step += 1
      loop.seconds = earlier + Clock.seconds(since: start)
      loop.previousLoss = loop.loss
      loop.loss = report.loss
      loop.isFinished = report.finished != nil
      loop.rows.append(report.log)
      let isBest = report.score.map { $0 < loop.best } ?? false
      if report.score != nil { loop.stale = isBest ? 0 : loop.stale + 1 }
      if isBest, let score = report.score { loop.best = score }
      try loop.keep(plan, isBest: isBest) { [session] name throws(Fault) in
        guard let value = session.value(name) else { throw .noBodyOutput(name, session.columns) }
        return value
      }
      if checkpointer.isDue(loop.step) { checkpoint() }
      let rate = Double(loop.step - first) / max(1e-9, loop.seconds - earlier)
      scope.send(
        .step(
          EngineEvent.Step(
            path: path, step: loop.step, of: plan.steps, loss: report.loss, seconds: loop.seconds, rate: rate,
            remaining: plan.steps.map { Double($0 - loop.step) / rate }, examples: session.examples)))
    }
    checkpoint()
    var results: [Value] = []
    for port in node.ports { results.append(try result(port)) }
    try execution.finished(unit, results, start: start, end: Clock.now(), work: 0, &turn)
  }

  private func checkpoint() {
    // A state is a copy of much of what the session holds.
    guard checkpointer.isOn else { return }
    loop.values = session.state.map { ($0.name, .tensor($0.tensor)) }
    execution.warn(checkpointer.write(loop), node)
    loop.values = []
  }

  private func result(_ port: String) throws(Fault) -> Value {
    if let kept = loop.result(port, plan, states: moving), !kept.isNone { return kept }
    // Nothing was measured yet: the last is the best known.
    if let best = plan.keep.first(where: { FlatGraph.LoopPlan.port($0.name, $0.mode, states: moving) == port }),
      let value = session.value(best.name)
    {
      return value
    }
    if port == "log", !moving.contains(port) {
      return .table(Table(columns: session.columns, rows: loop.rows))
    }
    guard let value = session.value(port) else { throw .noBodyOutput(port, moving) }
    return value
  }
}
