import Language
import Tensors

/// What one graph computes and another does not, in words: nodes by path, with their ops, params, wiring and rules.
/// Order of keys, documentation and the names of nodes that do the same are no difference; a node under another name is
/// told as renamed.
public struct GraphDifference: Sendable {
  public enum Kind: String, Sendable { case added = "+", removed = "-", changed = "~", renamed = "=" }

  public struct Entry: Sendable, Equatable {
    public let kind: Kind
    /// `node paint/loss`, `input photo`, `output image`.
    public let subject: String
    public let words: String

    public var text: String { "\(kind.rawValue) \(subject)" + (words.isEmpty ? "" : ": \(words)") }
  }

  public private(set) var entries: [Entry] = []

  /// Whether the two compute something else (a new name is no such thing).
  public var isReal: Bool { entries.contains { $0.kind != .renamed } }

  public init(from old: FlatGraph, to new: FlatGraph) { compare(old, new, "") }

  private mutating func add(_ kind: Kind, _ subject: String, _ words: String = "") {
    entries.append(Entry(kind: kind, subject: subject, words: words))
  }

  private mutating func compare(_ old: FlatGraph, _ new: FlatGraph, _ prefix: String) {
    ports("\(prefix)input", old.inputs.map { ($0.name, $0.words) }, new.inputs.map { ($0.name, $0.words) })
    let (before, after) = (Names(old), Names(new))
    var counterpart: [String: FlatGraph.Node] = [:]
    let known = Dictionary(old.nodes.map { ($0.path, $0) }) { a, _ in a }
    for node in new.nodes { counterpart[node.path] = known[node.path] }
    // A node of another name that computes the same is that node.
    let paths = Set(new.nodes.map(\.path))
    var leftover = Dictionary(
      old.nodes.filter { !paths.contains($0.path) }.map { (before.identity(of: $0), $0) }
    ) { a, _ in a }
    var renames: [String: String] = [:]
    for node in new.nodes where counterpart[node.path] == nil {
      guard let same = leftover.removeValue(forKey: after.identity(of: node)) else { continue }
      counterpart[node.path] = same
      renames[same.path] = node.path
      add(.renamed, "node \(same.path)", "is called \(node.path)")
    }
    for node in new.nodes {
      if let was = counterpart[node.path] {
        compare(was, node, before, after, renames)
      } else {
        add(.added, "node \(node.path)", node.op.name)
      }
    }
    for node in old.nodes where !paths.contains(node.path) && renames[node.path] == nil {
      add(.removed, "node \(node.path)", node.op.name)
    }
    ports(
      "\(prefix)output", old.outputs.map { ($0.name, $0.words(before, renames)) },
      new.outputs.map { ($0.name, $0.words(after, [:])) })
  }

  private mutating func compare(
    _ old: FlatGraph.Node, _ new: FlatGraph.Node, _ before: Names, _ after: Names, _ renames: [String: String]
  ) {
    let subject = "node \(new.path)"
    func change(_ what: String, _ a: String, _ b: String) {
      if a != b { add(.changed, subject, "\(what): \(a) → \(b)") }
    }
    change("op", old.op.name, new.op.name)
    for name in Set(old.attributes.values.keys).union(new.attributes.values.keys).sorted() {
      func words(_ node: FlatGraph.Node) -> String { node.attributes[name]?.description ?? "none" }
      change("param \(name)", words(old), words(new))
    }
    for (port, (a, b)) in zip(old.operands, new.operands).enumerated() where old.op.name == new.op.name {
      let name = new.op.inputs.indices.contains(port) ? new.op.inputs[port].name : String(port)
      func words(_ operands: [FlatGraph.Operand], _ names: Names, _ renames: [String: String]) -> String {
        operands.isEmpty ? "nothing" : operands.map { names.text($0, renames) }.joined(separator: ", ")
      }
      change("in \(name)", words(a, before, renames), words(b, after, [:]))
    }
    for (a, b) in zip(old.rules, new.rules) { change(a.name, a.words, b.words) }
    let (bodies, others) = (old.namedBodies, new.namedBodies)
    for (name, body) in others {
      guard let was = bodies.first(where: { $0.name == name })?.body else {
        add(.added, subject, name)
        continue
      }
      func bound(_ body: FlatGraph.Body, _ names: Names, _ renames: [String: String]) -> [(String, String)] {
        zip(body.graph.inputs, body.bindings).map { ($0.name, names.text($1, renames)) }
      }
      ports("\(new.path) in", bound(was, before, renames), bound(body, after, [:]))
      compare(was.graph, body.graph, "\(new.path) \(name) ")
    }
    for (name, _) in bodies where !others.contains(where: { $0.name == name }) { add(.removed, subject, name) }
  }

  private mutating func ports(_ what: String, _ old: [(String, String)], _ new: [(String, String)]) {
    for (name, words) in new {
      guard let was = old.first(where: { $0.0 == name })?.1 else {
        add(.added, "\(what) \(name)", words)
        continue
      }
      if was != words { add(.changed, "\(what) \(name)", "\(was) → \(words)") }
    }
    for (name, words) in old where !new.contains(where: { $0.0 == name }) { add(.removed, "\(what) \(name)", words) }
  }
}

/// What the values of a graph are called, and what they are whatever they are called.
private struct Names {
  private var names: [Int: (path: String, port: String)] = [:]
  private var identities: [Int: Digest] = [:]

  init(_ graph: FlatGraph) {
    for input in graph.inputs {
      names[input.value] = ("@\(input.name)", "")
      identities[input.value] = Digest(of: "@\(input.name)")
    }
    for node in graph.nodes {
      let own = identity(of: node)
      for (index, (value, port)) in zip(node.results, node.ports).enumerated() {
        names[value] = (node.path, node.ports.count > 1 ? ".\(port)" : "")
        identities[value] = Digest(of: "\(own) \(index)")
      }
    }
  }

  func text(_ operand: FlatGraph.Operand, _ renames: [String: String]) -> String {
    switch operand {
    case .value(let index):
      names[index].map { (renames[$0.path] ?? $0.path) + $0.port } ?? "?"
    case .constant(let value): value.digestText
    case .list(let items): "[" + items.map { text($0, renames) }.joined(separator: ", ") + "]"
    case .item(let list, let index): "\(text(list, renames))[\(index)]"
    }
  }

  func text(_ binding: FlatGraph.Body.Binding, _ renames: [String: String]) -> String {
    switch binding {
    case .each(let operand): "each \(text(operand, renames))"
    case .shared(let operand): text(operand, renames)
    case .state(let index): "state \(index)"
    case .wrt(let index): "wrt \(index)"
    }
  }

  private func identity(of operand: FlatGraph.Operand) -> String {
    switch operand {
    case .value(let index): "\(identities[index] ?? Digest(high: 0, low: 0))"
    case .constant(let value): value.digestText
    case .list(let items): "[" + items.map { identity(of: $0) }.joined(separator: " ") + "]"
    case .item(let list, let index): "\(identity(of: list))[\(index)]"
    }
  }

  func identity(of node: FlatGraph.Node) -> Digest {
    var parts = [node.op.name, node.attributes.canonical]
    for port in node.operands { parts.append("(" + port.map { identity(of: $0) }.joined(separator: " ") + ")") }
    parts += node.rules.map { "\($0.name) \($0.words)" }
    for (name, body) in node.namedBodies {
      let inner = Names(body.graph)
      parts.append(name)
      for binding in body.bindings {
        switch binding {
        case .each(let operand), .shared(let operand): parts.append(identity(of: operand))
        case .state(let index), .wrt(let index): parts.append("\(index)")
        }
      }
      parts += body.graph.nodes.map { "\(inner.identity(of: $0))" }
    }
    return Digest(of: parts.joined(separator: "\u{1}"))
  }
}

extension FlatGraph.Input {
  fileprivate var words: String { "\(type)" + (isOptional ? ", optional" : "") }
}

extension FlatGraph.Output {
  fileprivate func words(_ names: Names, _ renames: [String: String]) -> String {
    let settings = save.map { Literal.object($0.settings).description } ?? ""
    return "from \(names.text(operand, renames))"
      + (save.map { _ in ", saved as \(save?.template?.text ?? name)" } ?? "")
      + (settings.isEmpty || settings == "{}" ? "" : " \(settings)")
  }
}

extension FlatGraph.Node {
  fileprivate var namedBodies: [(name: String, body: FlatGraph.Body)] {
    switch structure {
    case .plain: []
    case .map(let body): [("body", body)]
    case .branch(_, let then, let otherwise): [("then", then)] + (otherwise.map { [("else", $0)] } ?? [])
    case .loop(let body, _, _): [("body", body)]
    case .minimize(let body, let validation, _, _, _, _):
      [("body", body)] + (validation.map { [("validate", $0)] } ?? [])
    }
  }

  /// The keys beside a node that decide what comes out, as words; the same names for every node.
  fileprivate var rules: [(name: String, words: String)] {
    var plan = FlatGraph.LoopPlan()
    var lossName = "none"
    switch structure {
    case .loop(_, _, let own): plan = own
    case .minimize(_, _, _, _, let loss, let own): (plan, lossName) = (own, loss)
    default: break
    }
    func words<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "none" }
    return [
      ("on_error", policy.onError.rawValue), ("cache", policy.cache.rawValue), ("stream", words(policy.stream)),
      ("loss", lossName), ("until.steps", words(plan.steps)), ("until.seconds", words(plan.seconds)),
      ("until.relative_change", words(plan.relativeChange)), ("until", words(plan.condition)),
      ("keep", plan.keep.map { "\($0.name) \($0.mode.rawValue)" }.joined(separator: ", ")),
      ("save_every", words(plan.saveEvery)),
    ]
  }
}

extension Value {
  /// A constant in few characters: equal text, equal value.
  fileprivate var digestText: String {
    switch self {
    case .file(let path): path
    case .string(let text): Literal.string(text).description
    case .number(let number): "\(number)"
    case .int(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    default: (try? digest { path throws(Fault) in Digest(of: path) }).map { "\(kind) \($0)" } ?? kind
    }
  }
}
