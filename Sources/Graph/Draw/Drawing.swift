import Language
import Tensors

/// A flat graph as boxes and arrows: what to draw, before any syntax of a drawing program.
///
/// Ids are graph paths, so that two drawings of one graph can be compared. Calls of other files are one box unless
/// they are to be expanded; network parameters are not drawn one by one.
public struct Drawing: Sendable {
  public struct Box: Sendable {
    public enum Kind: Sendable { case input, output, node, call, state, weights }

    public let id: String
    public let kind: Kind
    public let name: String
    public let op: String
    public let doc: String?
  }

  public struct Edge: Sendable, Hashable {
    public let from: String
    public let to: String
    /// The port it starts from, where that is not the only one.
    public let label: String
    /// In few letters; `fullType` is the whole.
    public let type: String
    public let fullType: String
    /// A list handed on item by item.
    public let isEach: Bool
  }

  public struct Cluster: Sendable {
    /// Path; empty for the whole graph.
    public let path: String
    public let title: String
    public let isBody: Bool
    public var boxes: [Box] = []
    public var clusters: [Cluster] = []
  }

  public private(set) var root: Cluster
  public private(set) var edges: [Edge] = []
  /// Paths drawn as one box, and that box's id.
  public private(set) var collapsed: [String: String] = [:]

  private let graph: FlatGraph
  private let expandsFiles: Bool
  private var seenEdges = Set<Edge>()
  private var boxed = Set<String>()

  public init(_ graph: FlatGraph, title: String, expandsFiles: Bool = false) {
    self.graph = graph
    self.expandsFiles = expandsFiles
    root = Cluster(path: "", title: title, isBody: false)
    var sources: [FlatGraph.ValueIndex: Source] = [:]
    for input in graph.inputs {
      let id = "@" + input.name
      add(Box(id: id, kind: .input, name: input.name, op: Drawing.short(input.type), doc: input.doc), in: "")
      sources[input.value] = Source(id: id, port: "")
    }
    draw(graph, sources: &sources)
    for output in graph.outputs {
      let id = ">" + output.name
      add(Box(id: id, kind: .output, name: output.name, op: Drawing.short(output.type), doc: output.doc), in: "")
      connect(output.operand, to: id, in: graph, sources)
    }
  }

  /// The box of a node's path: its own, or that of the call it is inside of.
  public func box(of path: String) -> String {
    let call = collapsedCall(path)
    return call ?? path
  }

  private struct Source {
    let id: String
    let port: String
    var isEach = false
  }

  private mutating func draw(_ graph: FlatGraph, sources: inout [FlatGraph.ValueIndex: Source]) {
    for node in graph.nodes {
      if node.op.name == WeightOps.tensor || node.op.name == WeightOps.initialize {
        // A network parameter: what reads it is drawn as fed by the file itself.
        if case .value(let set)? = node.operands.first?.first, let source = sources[set] {
          for result in node.results { sources[result] = source }
        }
        continue
      }
      let id = box(of: node.path)
      switch node.structure {
      case .plain:
        place(node, id)
        for operand in node.operands.joined() { connect(operand, to: id, in: graph, sources) }
      case .map(let body): drawBody(node, body, "for each item", [:], graph, sources)
      case .branch(let condition, let then, let otherwise):
        drawBody(node, then, "then", [:], graph, sources)
        if let otherwise { drawBody(node, otherwise, "else", [:], graph, sources) }
        connect(condition, to: id, in: graph, sources)
      case .loop(let body, let states, let plan):
        drawBody(node, body, Drawing.times(plan), named(states), graph, sources)
      case .minimize(let body, let validation, let wrt, let states, _, let plan):
        drawBody(node, body, Drawing.times(plan), named(wrt + states), graph, sources)
        if let validation { drawBody(node, validation, "validation", named(wrt + states), graph, sources) }
      }
      for (result, port) in zip(node.results, node.ports) {
        sources[result] = Source(id: id, port: node.ports.count > 1 ? port : "")
      }
    }
  }

  private func named(_ states: [FlatGraph.State]) -> [Int: FlatGraph.State] {
    Dictionary(uniqueKeysWithValues: states.enumerated().map { ($0, $1) })
  }

  private static func times(_ plan: FlatGraph.LoopPlan) -> String {
    if let steps = plan.steps { return "× \(steps)" }
    if let seconds = plan.seconds { return "for \(seconds) s" }
    return "until done"
  }

  /// A body is a cluster: states inside feed its nodes, its outputs meet in the node's own box.
  private mutating func drawBody(
    _ node: FlatGraph.Node, _ body: FlatGraph.Body, _ how: String, _ states: [Int: FlatGraph.State],
    _ outer: FlatGraph, _ outerSources: [FlatGraph.ValueIndex: Source]
  ) {
    let id = box(of: node.path)
    if collapsedCall(node.path) == nil {
      addCluster(node.path, "\(Drawing.lastPart(node.path)): \(node.op.name) \(how)", isBody: true)
    }
    place(node, id, inside: node.path)
    var sources: [FlatGraph.ValueIndex: Source] = [:]
    for (input, binding) in zip(body.graph.inputs, body.bindings) {
      switch binding {
      case .shared(let operand): sources[input.value] = source(of: operand, outerSources)
      case .each(let operand):
        var source = source(of: operand, outerSources)
        source?.isEach = true
        sources[input.value] = source
      case .wrt(let index), .state(let index):
        let stateID = "\(node.path)/@\(input.name)"
        if collapsedCall(node.path) == nil {
          add(Box(id: stateID, kind: .state, name: input.name, op: Drawing.short(input.type), doc: nil), in: node.path)
          if let state = states[index] { connect(state.start, to: stateID, in: outer, outerSources) }
          sources[input.value] = Source(id: stateID, port: "")
        } else {
          sources[input.value] = Source(id: id, port: "")
        }
      }
    }
    draw(body.graph, sources: &sources)
    for output in body.graph.outputs {
      for value in output.operand.values {
        guard let source = sources[value], source.id != id else { continue }
        insert(from: source.id, to: id, label: output.name, body.graph.types[value], isEach: false)
      }
    }
  }

  private func source(of operand: FlatGraph.Operand, _ sources: [FlatGraph.ValueIndex: Source]) -> Source? {
    operand.values.first.flatMap { sources[$0] }
  }

  private mutating func connect(
    _ operand: FlatGraph.Operand, to id: String, in graph: FlatGraph, _ sources: [FlatGraph.ValueIndex: Source]
  ) {
    for value in operand.values {
      guard let source = sources[value], source.id != id else { continue }
      insert(from: source.id, to: id, label: source.port, graph.types[value], isEach: source.isEach)
    }
  }

  private mutating func insert(from: String, to: String, label: String, _ type: ValueType, isEach: Bool) {
    let edge = Edge(
      from: from, to: to, label: label, type: Drawing.short(type), fullType: type.description, isEach: isEach)
    if seenEdges.insert(edge).inserted { edges.append(edge) }
  }

  /// What a reader needs of a type beside an arrow: `1×3×H×W rgb 0..1` for a tensor of f32, other types as they are.
  static func short(_ type: ValueType) -> String {
    switch type {
    case .tensor(let tensor):
      var parts: [String] = []
      if let dtype = tensor.dtype, dtype != .f32 { parts.append(dtype.rawValue) }
      if let shape = tensor.shape {
        parts.append(shape.isEmpty ? "scalar" : shape.map(\.description).joined(separator: "×"))
      }
      // NCHW is what four extents mean anyway.
      let layout = tensor.meaning.layout == "NCHW" ? nil : tensor.meaning.layout
      parts += [tensor.meaning.colour, layout, tensor.meaning.range].compactMap { $0 }
      return parts.isEmpty ? "tensor" : parts.joined(separator: " ")
    case .image(let image): return "\(image.format?.rawValue ?? "image") \(image.height)×\(image.width)"
    case .list(let element): return "list of \(short(element))"
    case .tuple(let items): return "list of \(items.count)"
    case .optional(let inner): return short(inner) + "?"
    case .stream(let inner): return "stream of \(short(inner))"
    case .named(let name): return name
    case .any: return ""
    }
  }

  /// A file by its name and folder: what is above says where it was found, not what it is.
  static func shortPath(_ path: String) -> String { path.split(separator: "/").suffix(2).joined(separator: "/") }

  private mutating func place(_ node: FlatGraph.Node, _ id: String, inside: String? = nil) {
    if id != node.path {
      guard let call = graph.calls[id] else { return }
      collapsed[node.path] = id
      add(
        Box(id: id, kind: .call, name: Drawing.lastPart(id), op: Drawing.shortPath(call.op), doc: call.doc),
        in: Drawing.parent(id))
      return
    }
    let kind: Box.Kind = node.op.name == WeightOps.load ? .weights : .node
    add(
      Box(id: id, kind: kind, name: Drawing.lastPart(node.path), op: node.op.name, doc: node.doc),
      in: inside ?? Drawing.parent(node.path))
  }

  /// The outermost call of another file that `path` is inside of, unless files are expanded.
  private func collapsedCall(_ path: String) -> String? {
    if expandsFiles { return nil }
    var prefix = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      prefix += (prefix.isEmpty ? "" : "/") + part
      if prefix != path, graph.calls[prefix]?.isOtherFile == true { return prefix }
    }
    return nil
  }

  private mutating func add(_ box: Box, in path: String) {
    guard boxed.insert(box.id).inserted else { return }
    Drawing.update(&root, Drawing.steps(path), titles: title) { $0.boxes.append(box) }
  }

  private mutating func addCluster(_ path: String, _ title: String, isBody: Bool) {
    let parent = Drawing.parent(path)
    Drawing.update(&root, Drawing.steps(parent), titles: self.title) { cluster in
      if !cluster.clusters.contains(where: { $0.path == path }) {
        cluster.clusters.append(Cluster(path: path, title: title, isBody: isBody))
      }
    }
  }

  private func title(_ path: String) -> String {
    let name = Drawing.lastPart(path)
    return graph.calls[path].map { "\(name): \(Drawing.shortPath($0.op))" } ?? name
  }

  /// Every prefix of a path, outermost first.
  private static func steps(_ path: String) -> [String] {
    var result: [String] = []
    for part in path.split(separator: "/") { result.append((result.last.map { $0 + "/" } ?? "") + part) }
    return result
  }

  private static func update(
    _ cluster: inout Cluster, _ steps: [String], titles: (String) -> String, _ change: (inout Cluster) -> Void
  ) {
    guard let step = steps.first else { return change(&cluster) }
    var index = cluster.clusters.firstIndex { $0.path == step }
    if index == nil {
      cluster.clusters.append(Cluster(path: step, title: titles(step), isBody: false))
      index = cluster.clusters.count - 1
    }
    update(&cluster.clusters[index!], Array(steps.dropFirst()), titles: titles, change)
  }

  static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  static func lastPart(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
