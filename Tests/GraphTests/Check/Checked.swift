import Language
import TestSupport

@testable import Graph

/// A graph checked against `CheckedOps`.
struct Checked {
  let result: Checker.Result
  var graph: FlatGraph { result.graph }
  var text: String { Diagnostics.text(result.faults) }

  /// - Parameter main: the text of `g.json`.
  init(
    _ main: String, files: MemoryFiles = MemoryFiles(), params: [String: Literal] = [:],
    inputs: [String: Value] = [:], needsValues: Bool = false, search: [String] = [], graph: String? = nil,
    maximumNodes: Int = 100_000
  ) {
    var files = files
    files.texts["g.json"] = main
    result = Checker.check(
      "g.json", graph: graph, registry: CheckedOps.registry,
      library: GraphLibrary(access: files, searchPaths: search), probe: files, params: params, inputs: inputs,
      needsValues: needsValues, maximumNodes: maximumNodes)
  }

  /// A file with `nodes`, an input `x` and whatever else is said.
  init(
    nodes: String, outputs: String, inputs: String = #""x": "tensor<f32>[1,3,H,W] rgb 0..1""#, more: String = "",
    files: MemoryFiles = MemoryFiles(), params: [String: Literal] = [:], maximumNodes: Int = 100_000
  ) {
    self.init(
      """
      {"format": 1,\(more)
       "inputs": {\(inputs)},
       "nodes": {
      \(nodes)
       },
       "outputs": {\(outputs)}}
      """, files: files, params: params, maximumNodes: maximumNodes)
  }

  /// `path op(operands) -> types` per node, bodies indented.
  var listing: [String] { Checked.listing(graph) }

  private static func listing(_ graph: FlatGraph, indent: String = "") -> [String] {
    graph.nodes.flatMap { node -> [String] in
      let types = zip(node.ports, node.results).map { "\($0): \(graph.types[$1])" }.joined(separator: ", ")
      return ["\(indent)\(node.path) \(node.op.name) -> \(types)"]
        + Checked.bodies(node).flatMap { listing($0.graph, indent: indent + "  ") }
    }
  }

  static func bodies(_ node: FlatGraph.Node) -> [FlatGraph.Body] {
    switch node.structure {
    case .plain: []
    case .map(let body), .loop(let body, _, _): [body]
    case .minimize(let body, let validation, _, _, _, _): [body] + (validation.map { [$0] } ?? [])
    case .branch(_, let then, let otherwise): [then] + (otherwise.map { [$0] } ?? [])
    }
  }
}
