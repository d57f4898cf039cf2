import Graph
import Language
import Tensors

extension Execution {
  func startMinimize(_ unit: Int, _ node: FlatGraph.Node, _ turn: inout Turn) throws(Fault) {
    guard case .minimize(let body, let wrt, let states, _, let plan) = node.structure else { return }
    if let state = states.first { throw .stateInMinimise(state.name) }
    guard plan.steps != nil || plan.seconds != nil || plan.relativeChange != nil else { throw .unboundedLoop() }
    let cut = try MinimizeCut(body, pathPrefix: path(node) + "/")
    var lock: KeyLock?
    if isCaching, let chain = read({ $0.units[unit].key }) {
      switch try takeLock(unit, node, chain, &turn) {
      case .mine(let own): lock = own
      case .elsewhere: return
      }
    }
    // What does not move is evaluated first, in an execution of its own, with keys like everything else.
    let values = values(outline.units[unit].inputs)
    var inputs: [Int: Given] = [:]
    var starts: [Value] = []
    do throws(Fault) {
      for (input, binding) in zip(body.graph.inputs, body.bindings) {
        if case .shared(let operand) = binding { inputs[input.value] = try given(operand, values) }
      }
      for state in wrt { starts.append(try evaluate(state.start, values)) }
    } catch {
      lock?.release()
      throw error
    }
    let held = lock
    let child = Execution(scope, Outline(body.graph, wanted: cut.fixed), inside(node), inputs: inputs) {
      [self, starts] result, turn in
      do throws(Fault) {
        let fixed = try result.get()
        let runner = try MinimizeRunner(self, unit, node, cut, starts: starts, fixed: fixed, values: values)
        // The steps are a job of their own behind whatever is ready now.
        let rank = Rank(depth: frame.depth + 1, sequence: scope.nextSequence(), order: 0)
        turn.push(
          Job(rank: rank, queue: .cpu) { turn in
            do throws(Fault) { try runner.run(&turn) } catch {
              self.fail(unit, error.inside(node, self.path(node)), &turn)
            }
            held?.release()
            self.jobEnded(&turn)
          })
      } catch {
        held?.release()
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
  private let wrt: [FlatGraph.State]
  private let session: any LoopSession
  private let seed: UInt64
  private var loop = LoopState()
  private var checkpointer: Checkpointer

  init(
    _ execution: Execution, _ unit: Int, _ node: FlatGraph.Node, _ cut: MinimizeCut, starts: [Value],
    fixed: [Int: Value], values: [Int: Value]
  ) throws(Fault) {
    guard case .minimize(let body, let wrt, _, let loss, let plan) = node.structure, case .loop(let op) = node.op.action
    else { throw .noLoopOp(node.op.name) }
    self.execution = execution
    self.unit = unit
    self.node = node
    self.plan = plan
    self.wrt = wrt
    let chain = execution.read { $0.units[unit].key }
    if let chain {
      seed = chain.low
    } else {
      seed = try execution.seed(unit, node, values)
    }
    var tensors: [(name: String, start: Tensor)] = []
    for (state, value) in zip(wrt, starts) {
      guard let tensor = value.memory, case .tensor = value else { throw .notATensor(state.name, value.kind) }
      tensors.append((state.name, tensor))
    }
    let site = try cut.site(
      body, node: node, starts: tensors, startValues: starts, fixed: fixed, loss: loss, seed: seed,
      pathPrefix: execution.path(node) + "/", scope: execution.scope)
    session = try op.open(site)
    if let chain, let found = execution.resume(chain, plan, names: session.state.map(\.name)) {
      var state: [(name: String, tensor: Tensor)] = []
      for (name, value) in found.values { if case .tensor(let tensor) = value { state.append((name, tensor)) } }
      try session.restore(state)
      loop = found
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
      do throws(Fault) { report = try session.step(context) } catch { throw scope.trap?.fault ?? error }
      if let fault = scope.trap?.fault { throw fault }
      loop.step += 1
      loop.seconds = earlier + Clock.seconds(since: start)
      loop.previousLoss = loop.loss
      loop.loss = report.loss
      loop.isFinished = report.finished != nil
      loop.rows.append(report.log)
      let isBest = report.loss < loop.best
      if isBest { loop.best = report.loss }
      try loop.keep(plan, isBest: isBest) { [session] name throws(Fault) in
        guard let tensor = session.value(name) else { throw .noBodyOutput(name, session.columns) }
        return .tensor(tensor)
      }
      if checkpointer.isDue(loop.step) { checkpoint() }
      let rate = Double(loop.step - first) / max(1e-9, loop.seconds - earlier)
      scope.send(
        .step(
          EngineEvent.Step(
            path: path, step: loop.step, of: plan.steps, loss: report.loss, seconds: loop.seconds, rate: rate,
            remaining: plan.steps.map { Double($0 - loop.step) / rate })))
    }
    checkpoint()
    var results: [Value] = []
    for port in node.ports { results.append(try result(port)) }
    try execution.finished(unit, results, start: start, end: Clock.now(), work: 0, &turn)
  }

  private func checkpoint() {
    loop.values = session.state.map { ($0.name, .tensor($0.tensor)) }
    checkpointer.write(loop)
  }

  private func result(_ port: String) throws(Fault) -> Value {
    if let kept = loop.result(port, plan, states: wrt.map(\.name)) { return kept }
    if port == "log", !wrt.contains(where: { $0.name == port }) {
      return .table(Table(columns: session.columns, rows: loop.rows))
    }
    guard let tensor = session.value(port) else { throw .noBodyOutput(port, wrt.map(\.name)) }
    return .tensor(tensor)
  }
}
