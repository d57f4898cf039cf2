import Graph
import Language
import Nodes

/// The one way every command opens and checks a graph.
enum GraphChecking {
  static func check(_ graph: String, values: [String], needsValues: Bool = false) throws(Fault) -> Checker.Result {
    var options = GraphOptions()
    options.graph = graph
    options.values = values
    return try check(OpenedGraph(options), needsValues: needsValues)
  }

  /// The values given for inputs; of many files the first.
  static func inputs(_ graph: String, values: [String]) throws(Fault) -> [String: Value] {
    var options = GraphOptions()
    options.graph = graph
    options.values = values
    return try OpenedGraph(options).firstInputs()
  }

  static func check(_ opened: OpenedGraph, needsValues: Bool = false) throws(Fault) -> Checker.Result {
    opened.check(try opened.params(), inputs: try opened.firstInputs(), needsValues: needsValues)
  }
}

extension OpenedGraph {
  /// Checks the graph with these values; inputs named `later` are bound when it runs.
  func check(
    _ params: [String: Literal], inputs: [String: Value], later: Set<String> = [], needsValues: Bool = true
  ) -> Checker.Result {
    Checker.check(
      path, graph: graphName, registry: .linked, library: library, probe: HeaderProbe(), params: params, inputs: inputs,
      later: later, needsValues: needsValues)
  }

  /// The inputs of the first item, for types.
  func firstInputs() throws(Fault) -> [String: Value] {
    var result: [String: Value] = [:]
    guard let declaration else { return result }
    for (name, text) in given {
      guard let input = declaration.inputs.first(where: { $0.name == name }) else { continue }
      let type: ValueType
      do { type = try ValueType(parsing: input.type.value) } catch { continue }
      result[name] = try Items.values(text, type, name).first
    }
    return result
  }
}
