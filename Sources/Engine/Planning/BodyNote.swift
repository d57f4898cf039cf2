import Graph
import Language

/// The parts of a note that say what stands inside a body. They are looked at only when the body's digest says that it
/// computes something else, so that a renamed node alone is nothing.
enum BodyNote {
  private static let prefix = "inside "
  /// Told one by one at most.
  private static let shown = 4

  static func isInside(_ part: NodeNote.Part) -> Bool { part.label.hasPrefix(prefix) }

  /// Per node of the body and of bodies in it: op and what it reads, then the params that are not the defaults.
  static func parts(of body: FlatGraph.Body) -> [NodeNote.Part] {
    let graph = body.graph
    var names: [Int: String] = [:]
    for input in graph.inputs { names[input.value] = "@\(input.name)" }
    for node in graph.nodes {
      for (value, port) in zip(node.results, node.ports) { names[value] = "\(node.path).\(port)" }
    }
    var parts: [NodeNote.Part] = []
    func add(_ label: String, _ value: String, _ words: String) {
      parts.append(NodeNote.Part(label: prefix + label, value: value, words: words))
    }
    for node in graph.nodes {
      let reads = node.allOperands.map { text($0, names) }.joined(separator: " ")
      add("node \(node.path)", "\(node.op.name) \(node.op.revision) \(reads)", node.op.name)
      let defaults = Dictionary(node.op.params.map { ($0.name, $0.fallback) }) { a, _ in a }
      for (name, value) in node.attributes.values.sorted(by: { $0.key < $1.key }) where (defaults[name] ?? nil) != value
      {
        add("param \(name) of \(node.path)", value.description, value.description)
      }
      for inner in node.bodies { parts += BodyNote.parts(of: inner) }
    }
    return parts
  }

  private static func text(_ operand: FlatGraph.Operand, _ names: [Int: String]) -> String {
    switch operand {
    case .value(let index): names[index] ?? ""
    case .constant(let value): value.kind
    case .list(let items): "[" + items.map { text($0, names) }.joined(separator: " ") + "]"
    case .item(let list, let index): "\(text(list, names))[\(index)]"
    }
  }

  /// What differs, in words.
  static func differences(from old: [NodeNote.Part], to new: [NodeNote.Part]) -> [String] {
    func inside(_ parts: [NodeNote.Part]) -> [String: NodeNote.Part] {
      Dictionary(parts.filter(isInside).map { ($0.label, $0) }) { a, _ in a }
    }
    let (before, after) = (inside(old), inside(new))
    var texts: [String] = []
    for label in Set(before.keys).union(after.keys).sorted() {
      let name = String(label.dropFirst(prefix.count))
      let isParam = name.hasPrefix("param ")
      switch (before[label], after[label]) {
      case (let was?, let now?) where was.value != now.value:
        texts.append(
          isParam ? "\(name) changed from \(was.words) to \(now.words)" : "\(name) reads or does other things")
      case (let was?, nil): texts.append(isParam ? "\(name) is no longer \(was.words)" : "\(name) is gone")
      case (nil, let now?): texts.append(isParam ? "\(name) is now \(now.words)" : "\(name) is new")
      default: continue
      }
    }
    guard texts.count > shown else { return texts }
    return texts.prefix(shown) + ["and \(texts.count - shown) more"]
  }
}
