import Language

/// Compares the parameters that a graph needs with the headers of the weight files it binds, once everything that no
/// output depends on is gone: a file need hold only what the used taps reach. One fault per file.
struct WeightCheck {
  let checker: Checker

  /// An opened weight file, and what is wrong with it.
  fileprivate struct Source {
    let node: FlatGraph.Node
    let path: String
    let types: [String: TensorType]
    var missing: [FlatGraph.Node] = []
    var misshapen: [(node: FlatGraph.Node, wanted: ValueType, found: TensorType)] = []
  }

  func run(_ graph: FlatGraph) {
    guard let probe = checker.probe else { return }
    var sources: [FlatGraph.ValueIndex: Source] = [:]
    for node in graph.nodes {
      if node.op.name == WeightOps.load, case .constant(.file(let path))? = node.operands[0].first {
        do throws(Fault) {
          if let types = try probe.weights(path) {
            sources[node.results[0]] = Source(node: node, path: path, types: try renamed(types, path, node.attributes))
          }
        } catch { checker.report(error.at(node.place)) }
      }
      if node.op.name == WeightOps.tensor, case .value(let source)? = node.operands[0].first {
        sources[source]?.check(node, graph.types[node.results[0]])
      }
      visitBodies(node)
    }
    for (_, source) in sources.sorted(by: { $0.key < $1.key }) {
      if !source.missing.isEmpty {
        checker.report(
          .weightsMissing(source.missing, source.path, source.types.keys.sorted(), at: source.node.place))
      }
      if !source.misshapen.isEmpty {
        checker.report(.weightShapes(source.misshapen, source.path, at: source.node.place))
      }
    }
  }

  private func visitBodies(_ node: FlatGraph.Node) {
    switch node.structure {
    case .plain: break
    case .map(let body), .loop(let body, _, _): run(body.graph)
    case .minimize(let body, let validation, _, _, _, _):
      run(body.graph)
      if let validation { run(validation.graph) }
    case .branch(_, let then, let otherwise):
      run(then.graph)
      if let otherwise { run(otherwise.graph) }
    }
  }

  /// The names and shapes a file has once it is read as the binding says.
  private func renamed(
    _ types: [String: TensorType], _ path: String, _ attributes: Attributes
  ) throws(Fault) -> [String: TensorType] {
    var names: [String: String] = [:]
    if case .object(let table)? = attributes["rename"] {
      for (from, to) in table { if case .string(let to) = to { names[from] = to } }
    }
    let rename = try Rename(names, for: path)
    let isHWIO = attributes["layout"] == .string("HWIO")
    var result: [String: TensorType] = [:]
    for (name, type) in types {
      var type = type
      if isHWIO, let shape = type.shape {
        if shape.count == 4 { type.shape = [shape[3], shape[2], shape[0], shape[1]] }
        if shape.count == 2 { type.shape = [shape[1], shape[0]] }
      }
      result[rename(name)] = type
    }
    return result
  }
}

extension WeightCheck.Source {
  fileprivate mutating func check(_ node: FlatGraph.Node, _ wanted: ValueType) {
    guard let found = types[node.attributes.string("name")] else {
      missing.append(node)
      return
    }
    guard let a = wanted.tensor?.shape, let b = found.shape else { return }
    if a.count != b.count || zip(a, b).contains(where: { $0.compare($1) == .different }) {
      misshapen.append((node, wanted, found))
    }
  }
}

/// Wording of what can be wrong between a network and its weight file.
extension Fault {
  /// At most this many parameters are told one by one.
  private static let shown = 4

  static func weightsMissing(
    _ nodes: [FlatGraph.Node], _ path: String, _ names: [String], at place: Place?
  ) -> Fault {
    let wanted = nodes.map { $0.attributes.string("name") }
    let what = nodes.count == 1 ? "\"\(wanted[0])\"" : "\(nodes.count) parameters"
    let hint = nodes.count == 1 ? Suggestion.phrase(for: wanted[0], in: names) : ""
    let fault = Fault(
      "weights",
      "\(path) lacks \(what) that the network needs\(hint); it holds \(names.count) tensors, "
        + names.prefix(shown).joined(separator: ", ") + (names.count > shown ? "…" : ""), at: place)
    return told(fault, zip(wanted, nodes).map { ("\($0) is needed by", $1.place) })
  }

  static func weightShapes(
    _ entries: [(node: FlatGraph.Node, wanted: ValueType, found: TensorType)], _ path: String, at place: Place?
  ) -> Fault {
    let what = entries.count == 1 ? "a parameter of another shape" : "\(entries.count) parameters of other shapes"
    return told(
      Fault("weights", "\(path) holds \(what) than the network needs", at: place),
      entries.map {
        ("\($0.node.attributes.string("name")) is \($0.found), but \($0.wanted) is needed by", $0.node.place)
      })
  }

  private static func told(_ fault: Fault, _ lines: [(String, Place?)]) -> Fault {
    let told = lines.prefix(shown).reduce(fault) { $0.noting($1.0, at: $1.1) }
    return lines.count > shown ? told.noting("and \(lines.count - shown) more") : told
  }
}
