import Autodiff
import Engine
import Graph
import Language
import Synchronization
import Tensors

/// `weft check --grad`: every optim.minimize of a graph is opened as in a run, but instead of a step its gradient is
/// compared with central differences of its loss.
final class GradientCheck: Sendable {
  struct Finding: Sendable {
    let node: String
    let wrt: String
    let comparison: FiniteDifferences.Comparison

    /// Float32 losses of real networks give differences no better than a few parts in a thousand.
    static let tolerance = 0.05

    var error: Double { comparison.relativeError() }
    var isClose: Bool { error <= Finding.tolerance }

    /// `paint  canvas  gradient 0.5312  differences 0.5309  error 0.00056`.
    var text: String {
      "\(node)  \(wrt)  gradient \(Float(comparison.analytic))  differences \(Float(comparison.numeric))"
        + "  error \(Float((error * 1e6).rounded() / 1e6))" + (isClose ? "" : "  WRONG")
    }
  }

  private let findings = Mutex<[Finding]>([])

  /// Runs what feeds the bodies, without the cache, and gives what was found per node and `wrt`.
  ///
  /// - Throws: when the graph minimises nothing, or when what feeds a body cannot be computed.
  static func run(_ graph: FlatGraph, inputs: [String: Value], engine: Engine) throws(Fault) -> [Finding] {
    let check = GradientCheck()
    let changed = check.changed(graph, prefix: "")
    let targets = zip(graph.nodes, changed.nodes).filter { $0.0.holdsMinimize }.map(\.1.path)
    guard !targets.isEmpty else { throw .nothingToDifferentiate() }
    for path in targets {
      let result = engine.runAndWait(
        changed, inputs: inputs, options: RunOptions(target: .node(path), usesCache: false))
      if let fault = result.fault { throw fault }
    }
    return check.findings.withLock { $0 }
  }

  fileprivate func add(_ finding: Finding) { findings.withLock { $0.append(finding) } }

  /// The graph with every minimisation replaced by a comparison.
  private func changed(_ graph: FlatGraph, prefix: String) -> FlatGraph {
    var result = graph
    result.nodes = graph.nodes.map { node in
      let path = prefix + node.path
      func inner(_ body: FlatGraph.Body) -> FlatGraph.Body {
        FlatGraph.Body(graph: changed(body.graph, prefix: path + "/"), bindings: body.bindings)
      }
      var op = node.op
      let structure: FlatGraph.Structure
      switch node.structure {
      case .plain: return node
      case .map(let body): structure = .map(inner(body))
      case .branch(let condition, let then, let otherwise):
        structure = .branch(condition: condition, then: inner(then), otherwise: otherwise.map(inner))
      case .loop(let body, let states, let plan): structure = .loop(inner(body), states: states, plan)
      case .minimize(let body, _, let wrt, let states, let loss, var plan):
        op = Op(
          op.name, doc: op.doc, inputs: op.inputs, outputs: op.outputs, params: op.params, structure: op.structure,
          parameters: op.parameters, dynamicOutputs: op.dynamicOutputs, infer: op.infer,
          action: .loop(ComparingLoop(path: path, check: self)))
        plan.steps = 1
        structure = .minimize(body, validation: nil, wrt: wrt, states: states, loss: loss, plan)
      }
      return FlatGraph.Node(
        path: node.path, op: op, attributes: node.attributes, operands: node.operands, results: node.results,
        ports: node.ports, policy: node.policy, structure: structure, place: node.place, doc: node.doc)
    }
    return result
  }
}

extension FlatGraph.Node {
  fileprivate var holdsMinimize: Bool {
    switch structure {
    case .plain: false
    case .minimize: true
    case .map(let body), .loop(let body, _, _): body.graph.nodes.contains { $0.holdsMinimize }
    case .branch(_, let then, let otherwise):
      (then.graph.nodes + (otherwise?.graph.nodes ?? [])).contains { $0.holdsMinimize }
    }
  }
}

/// Opens sessions that compare instead of minimising.
private struct ComparingLoop: LoopOp {
  let path: String
  let check: GradientCheck

  func open(_ site: LoopSite) throws(Fault) -> any LoopSession {
    guard let loss = site.training.outputs.firstIndex(of: site.loss) else {
      throw Fault("gradient", "the body has no output \"\(site.loss)\"")
    }
    var inputs: [Tensor] = []
    var moving: [(input: Int, wrt: Int)] = []
    for (position, source) in site.training.sources.enumerated() {
      switch source {
      case .wrt(let index):
        moving.append((position, index))
        inputs.append(site.wrt[index].start)
      case .state(let index): inputs.append(site.states[index].start)
      case .stream(let index): inputs.append(try site.training.streams[index].checked(0, seed: site.seed))
      case .fixed(let tensor): inputs.append(tensor)
      }
    }
    let program = try site.compiler.compile(
      site.training.body,
      Demand(
        loss: site.training.body.outputs[loss], wrt: moving.map { site.training.body.inputs[$0.input] }))
    let comparisons = FiniteDifferences.compare(
      program, inputs: inputs, lossOutput: loss, wrt: moving.map(\.input), directions: 1)
    for comparison in comparisons {
      check.add(
        GradientCheck.Finding(
          node: path, wrt: site.wrt[moving[comparison.input].wrt].name, comparison: comparison))
    }
    return ComparedSession(site)
  }
}

/// Does nothing in its one step: what it was for has happened.
private final class ComparedSession: LoopSession {
  private let site: LoopSite
  let columns: [String]
  var state: [(name: String, tensor: Tensor)] { [] }

  init(_ site: LoopSite) {
    self.site = site
    columns = [site.loss]
  }

  func restore(_ state: [(name: String, tensor: Tensor)]) {}

  func step(_ context: RunContext) -> StepReport { StepReport(loss: 0, log: [0], finished: "compared") }

  /// Kept values of the body are of no interest here; the start of the first `wrt` stands for them.
  func value(_ name: String) -> Value? {
    if let set = site.weights.first(where: { $0.name == name }) { return .weights(set.start) }
    return (site.wrt.first { $0.name == name } ?? site.wrt.first).map { .tensor($0.start) }
  }
}

extension Fault {
  static func nothingToDifferentiate() -> Fault { Fault("usage", "--grad: the graph has no optim.minimize") }

  static func gradientNeeds(_ inputs: [String]) -> Fault {
    Fault("usage", "--grad runs what feeds the loss: give values for \(inputs.joined(separator: ", "))")
  }
}
