import Language

/// Compares the parameters that a graph needs with the headers of the weight files it binds, once everything that no
/// output depends on is gone: a file need hold only what the used taps reach.
struct WeightCheck {
  let checker: Checker

  func run(_ graph: FlatGraph) {
    guard let probe = checker.probe else { return }
    var sets: [FlatGraph.ValueIndex: (path: String, types: [String: TensorType])] = [:]
    for node in graph.nodes {
      if node.op.name == WeightOps.load, case .constant(.file(let path))? = node.operands[0].first {
        do throws(Fault) {
          if let types = try probe.weights(path) {
            sets[node.results[0]] = (path, renamed(types, node.attributes))
          }
        } catch { checker.report(error.at(node.place)) }
      }
      if node.op.name == WeightOps.tensor, case .value(let source)? = node.operands[0].first, let set = sets[source] {
        check(node, graph.types[node.results[0]], set)
      }
      visitBodies(node)
    }
  }

  private func visitBodies(_ node: FlatGraph.Node) {
    switch node.structure {
    case .plain: break
    case .map(let body), .loop(let body, _, _), .minimize(let body, _, _, _, _): run(body.graph)
    case .branch(_, let then, let otherwise):
      run(then.graph)
      if let otherwise { run(otherwise.graph) }
    }
  }

  private func check(
    _ node: FlatGraph.Node, _ wanted: ValueType, _ set: (path: String, types: [String: TensorType])
  ) {
    let name = node.attributes.string("name")
    guard let found = set.types[name] else {
      checker.report(.noSuchWeight(name, set.path, set.types.keys.sorted(), at: node.place))
      return
    }
    guard let a = wanted.tensor?.shape, let b = found.shape else { return }
    if a.count != b.count || zip(a, b).contains(where: { $0.compare($1) == .different }) {
      checker.report(.weightShape(name, set.path, wanted: wanted, found: found, at: node.place))
    }
  }

  /// The names and shapes a file has once it is read as the binding says.
  private func renamed(_ types: [String: TensorType], _ attributes: Attributes) -> [String: TensorType] {
    var names: [(from: String, to: String)] = []
    if case .object(let table)? = attributes["rename"] {
      for (from, to) in table.sorted(by: { $0.key < $1.key }) {
        if case .string(let to) = to { names.append((from, to)) }
      }
    }
    let isHWIO = attributes["layout"] == .string("HWIO")
    var result: [String: TensorType] = [:]
    for (name, type) in types {
      var type = type
      if isHWIO, let shape = type.shape {
        if shape.count == 4 { type.shape = [shape[3], shape[2], shape[0], shape[1]] }
        if shape.count == 2 { type.shape = [shape[1], shape[0]] }
      }
      result[Renaming.apply(names, to: name)] = type
    }
    return result
  }
}

/// Renames by exact names or patterns with one `*`.
public enum Renaming {
  /// The first rule that fits `name` renames it; `*` on the right stands for what `*` on the left matched.
  public static func apply(_ rules: [(from: String, to: String)], to name: String) -> String {
    if let exact = rules.first(where: { $0.from == name }) { return exact.to }
    for rule in rules {
      guard let star = rule.from.firstIndex(of: "*") else { continue }
      let head = rule.from[..<star]
      let tail = rule.from[rule.from.index(after: star)...]
      guard name.count >= head.count + tail.count, name.hasPrefix(head), name.hasSuffix(tail) else { continue }
      let middle = name.dropFirst(head.count).dropLast(tail.count)
      guard let place = rule.to.firstIndex(of: "*") else { return rule.to }
      return String(rule.to[..<place] + middle + rule.to[rule.to.index(after: place)...])
    }
    return name
  }
}

/// Wording of what can be wrong between a network and its weight file.
extension Fault {
  static func noSuchWeight(_ name: String, _ path: String, _ names: [String], at place: Place?) -> Fault {
    Fault(
      "weights",
      "\(path) holds no \"\(name)\"\(Suggestion.phrase(for: name, in: names)); it holds \(names.count) tensors, "
        + names.prefix(3).joined(separator: ", ") + (names.count > 3 ? "…" : ""), at: place)
  }

  static func weightShape(
    _ name: String, _ path: String, wanted: ValueType, found: TensorType, at place: Place?
  ) -> Fault {
    Fault("weights", "\"\(name)\" of \(path) is \(found), but the network needs \(wanted)", at: place)
  }
}
