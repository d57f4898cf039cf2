import Language
import Tensors

/// Resolves, expands and infers a graph file: the one validator, used by every command.
///
///     let checked = Checker.check("style.json", registry: …, library: …)
public final class Checker {
  /// What came of a check.
  public struct Result {
    /// The parsed file; nil when it could not be read at all.
    public let file: GraphFile?
    /// The expanded graph; complete only when no fault is an error.
    public let graph: FlatGraph
    /// Errors and warnings, in file order.
    public let faults: [Fault]
    /// The params' values: given, or defaults.
    public let params: [String: Literal]

    public var isSound: Bool { !faults.contains { $0.severity == .error } }
  }

  let registry: Registry
  let library: GraphLibrary
  let probe: (any FileProbe)?
  /// Values for inputs, known before the run.
  let inputs: [String: Value]
  /// Inputs that differ from item to item of a run: given, but not known.
  let later: Set<String>
  /// A run needs every param and required input; a mere check does not.
  let needsValues: Bool
  private(set) var faults: [Fault] = []
  /// The graphs being opened, outermost first: `file#graph`, with the values of its file's params.
  private var opening: [(graph: String, params: [String: Literal], title: String, node: NodeDeclaration)] = []
  private let main: String
  let maximumNodes: Int
  private var instances = 0
  /// How deep graphs may be opened in each other.
  static let maximumDepth = 32

  private init(
    main: String, registry: Registry, library: GraphLibrary, probe: (any FileProbe)?, inputs: [String: Value],
    later: Set<String>, needsValues: Bool, maximumNodes: Int
  ) {
    self.main = main
    self.maximumNodes = maximumNodes
    self.registry = registry
    self.library = library
    self.probe = probe
    self.inputs = inputs
    self.later = later
    self.needsValues = needsValues
  }

  /// A fault in another file says which node of the main file led there.
  func report(_ fault: Fault) {
    guard let place = fault.place, place.file != main, let opener = opening.first?.node else {
      faults.append(fault)
      return
    }
    faults.append(fault.noting("in a graph that \"\(opener.name)\" opens", at: opener.op?.place ?? opener.place))
  }

  /// Opens a graph while `body` runs; nil, and reported, where it is open already with the same params, which would
  /// never end, or too deep.
  func opening<Result>(
    _ graph: String, _ params: [String: Literal], _ title: String, for node: NodeDeclaration, _ body: () -> Result
  ) -> Result? {
    if let start = opening.firstIndex(where: { $0.graph == graph && $0.params == params }) {
      report(.recursion(node, title, opening[start...].map { ($0.title, $0.node) }))
      return nil
    }
    guard opening.count < Checker.maximumDepth else {
      report(.tooDeep(node, Checker.maximumDepth))
      return nil
    }
    opening.append((graph, params, title, node))
    defer { opening.removeLast() }
    return body()
  }

  /// Counts one node; false when there were too many.
  func countInstance() -> Bool {
    instances += 1
    return instances <= maximumNodes
  }

  /// Counts one use of a node; false, and reported, when there were too many.
  func countInstance(of node: NodeDeclaration) -> Bool {
    instances += 1
    if instances == maximumNodes + 1 { report(.tooManyNodes(node, maximumNodes)) }
    return instances <= maximumNodes
  }

  /// - Parameters:
  ///   - path: of an existing graph file, as the user named it.
  ///   - graph: a graph of the file to check instead of the file's own.
  ///   - params: given values; paths in them start from the working directory.
  ///   - inputs: given values.
  ///   - later: inputs that a run gives item by item: not missing, but unknown.
  ///   - needsValues: whether params and inputs without a value are errors (`run`) or unknowns (`check`).
  ///   - maximumNodes: how many nodes the file may open up to: a small file can ask for more than there is time.
  public static func check(
    _ path: String, graph name: String? = nil, registry: Registry, library: GraphLibrary,
    probe: (any FileProbe)? = nil, params: [String: Literal] = [:], inputs: [String: Value] = [:],
    later: Set<String> = [], needsValues: Bool = false, maximumNodes: Int = 100_000
  ) -> Result {
    let checker = Checker(
      main: path, registry: registry, library: library, probe: probe, inputs: inputs, later: later,
      needsValues: needsValues, maximumNodes: maximumNodes)
    let (file, syntaxFaults) = library.load(path)
    syntaxFaults.forEach(checker.report)
    guard let file else {
      return Result(file: nil, graph: FlatGraph(), faults: Diagnostics.sorted(checker.faults), params: [:])
    }
    let environment = ParamValues(checker: checker, file: file).environment(
      given: params, givenFrom: nil, owner: "the graph", placeOf: { _ in nil })
    let builder = FlatBuilder()
    var declaration = file.main
    if let name {
      guard let found = file.graphs.first(where: { $0.name == name }) else {
        checker.report(.noSuchGraph(name, in: file, at: nil))
        return Result(
          file: file, graph: FlatGraph(), faults: Diagnostics.sorted(checker.faults), params: environment.values)
      }
      declaration = found
    }
    let scope = checker.build(declaration, of: file, environment, into: builder)
    let graph = builder.graph.pruned()
    checker.findReadEffects(graph)
    if !checker.faults.contains(where: { $0.severity == .error }) {
      WeightCheck(checker: checker).run(graph)
      for node in scope.unusedNodes() { checker.report(.unusedNode(node)) }
    }
    return Result(file: file, graph: graph, faults: Diagnostics.sorted(checker.faults), params: environment.values)
  }

  private func build(
    _ declaration: GraphDeclaration, of file: GraphFile, _ environment: Environment, into builder: FlatBuilder
  ) -> Scope {
    let scope = Scope(
      checker: self, file: file, environment: environment, declaration: declaration, builder: builder, prefix: "")
    for input in declaration.inputs {
      guard let type = parse(input.type).map({ known($0, input) }) else {
        scope.inputs[input.name] = .broken
        continue
      }
      let isGiven = inputs[input.name] != nil || later.contains(input.name)
      let wire = builder.input(
        input.name, input.isOptional && !isGiven ? .optional(type) : type, isOptional: input.isOptional,
        place: input.place, doc: input.doc, origin: "declared at")
      scope.inputs[input.name] = wire
      if !isGiven, needsValues, !input.isOptional { report(.inputNeeded(input)) }
    }
    for name in inputs.keys.sorted() where !declaration.inputs.contains(where: { $0.name == name }) {
      report(.noSuchInput(name, declaration))
    }
    scope.weights = scope.bind(declaration.weights) ?? scope.weights
    let outputs = scope.outputs()
    for (output, wire) in outputs where !wire.isBroken {
      builder.output(
        output.name, wire, isOptional: output.isOptional, save: scope.save(output), place: output.place,
        doc: output.doc)
    }
    return scope
  }

  /// A node that changes a store is the end of its path.
  private func findReadEffects(_ graph: FlatGraph) {
    var effects: [Int: FlatGraph.Node] = [:]
    for node in graph.nodes where node.op.isEffect { for value in node.results { effects[value] = node } }
    if effects.isEmpty { return }
    for node in graph.nodes {
      guard let effect = node.allOperands.flatMap(\.values).lazy.compactMap({ effects[$0] }).first else { continue }
      report(.effectIsRead(effect, by: node))
    }
  }

  /// The declared type with the extents of a tensor that is given.
  private func known(_ declared: ValueType, _ input: InputDeclaration) -> ValueType {
    guard case .tensor(let tensor)? = inputs[input.name], case .tensor(let type) = declared else { return declared }
    let actual = ValueType.tensor(
      TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) }, meaning: type.meaning))
    var unifier = Unifier()
    do throws(Unifier.Mismatch) { try unifier.match(declared, actual) } catch {
      report(.givenInput(input, error))
      return declared
    }
    return actual
  }

  func parse(_ text: Located<String>) -> ValueType? {
    do { return try ValueType(parsing: text.value) } catch {
      report(error.at(text.place))
      return nil
    }
  }

}

extension NodeDeclaration {
  /// Calls `body` with everything the node reads.
  func visitReferences(_ body: (Reference) -> Void) {
    for bindings in [inputs, each, wrt, state] where !bindings.isEmpty {
      for binding in bindings { binding.value.visit(body) }
    }
    if case .reference(let reference)? = weights { body(reference) }
  }
}

/// Wording of what can be wrong with the graph around the nodes.
extension Fault {
  static func noSuchGraph(_ name: String, in file: GraphFile, at place: Place?) -> Fault {
    let names = file.graphs.compactMap(\.name)
    let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return Fault(
      "unknown-graph", "\(file.file) has no graph \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)",
      at: place)
  }

  static func inputNeeded(_ input: InputDeclaration) -> Fault {
    Fault("missing-input", "the input \"\(input.name)\" (\(input.type.value)) must be given", at: input.place)
  }

  static func givenInput(_ input: InputDeclaration, _ mismatch: Unifier.Mismatch) -> Fault {
    Fault(mismatch.code, "the tensor given for input \"\(input.name)\": \(mismatch.text)", at: input.place)
  }

  static func noSuchInput(_ name: String, _ declaration: GraphDeclaration) -> Fault {
    let names = declaration.inputs.map(\.name)
    let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return Fault(
      "unknown-input", "the graph has no input \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)")
  }

  static func recursion(
    _ node: NodeDeclaration, _ title: String, _ circle: [(title: String, node: NodeDeclaration)]
  ) -> Fault {
    let fault = Fault(
      "recursion", "node \"\(node.name)\" opens \"\(title)\" inside itself", at: node.op?.place ?? node.place)
    return circle.reduce(fault) {
      $0.noting("\"\($1.title)\" is opened by \"\($1.node.name)\" at", at: $1.node.op?.place ?? $1.node.place)
    }
  }

  static func tooDeep(_ node: NodeDeclaration, _ limit: Int) -> Fault {
    Fault(
      "recursion", "node \"\(node.name)\" opens graphs in each other more than \(limit) levels deep",
      at: node.op?.place ?? node.place)
  }

  static func tooManyNodes(_ node: NodeDeclaration, _ limit: Int) -> Fault {
    Fault(
      "too-large", "node \"\(node.name)\": the graph opens up to more than \(limit) nodes", at: node.place)
  }

  static func unusedNode(_ node: NodeDeclaration) -> Fault {
    Fault("unused", "node \"\(node.name)\" feeds no output", at: node.place, severity: .warning)
  }
}
