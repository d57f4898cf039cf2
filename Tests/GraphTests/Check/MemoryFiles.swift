import Language
import TestSupport

@testable import Graph

/// Files that exist only in a test: graphs by path, pictures and weight files by what their headers say.
struct MemoryFiles: FileAccess, FileProbe {
  var texts: [String: String] = [:]
  var images: [String: ImageType] = [:]
  var weights: [String: [String: TensorType]] = [:]

  func read(_ path: String) -> [UInt8]? { texts[path].map { Array($0.utf8) } }
  func exists(_ path: String) -> Bool { texts[path] != nil || images[path] != nil || weights[path] != nil }

  func list(_ folder: String) -> [String] {
    let names = Array(texts.keys) + images.keys + weights.keys
    return names.filter { GraphLibrary.folder(of: $0) == folder }.map(GraphLibrary.lastPart)
  }

  func image(_ path: String) -> ImageType? { images[path] }
  func weights(_ path: String) throws(Fault) -> [String: TensorType]? { weights[path] }
}

/// A graph checked against `CheckedOps`.
struct Checked {
  let result: Checker.Result
  var graph: FlatGraph { result.graph }
  var text: String { Diagnostics.text(result.faults) }

  /// - Parameter main: the text of `g.json`.
  init(
    _ main: String, files: MemoryFiles = MemoryFiles(), params: [String: Literal] = [:],
    inputs: [String: Value] = [:], needsValues: Bool = false, search: [String] = [], graph: String? = nil
  ) {
    var files = files
    files.texts["g.json"] = main
    result = Checker.check(
      "g.json", graph: graph, registry: CheckedOps.registry,
      library: GraphLibrary(access: files, searchPaths: search), probe: files, params: params, inputs: inputs,
      needsValues: needsValues)
  }

  /// A file with `nodes`, an input `x` and whatever else is said.
  init(
    nodes: String, outputs: String, inputs: String = #""x": "tensor<f32>[1,3,H,W] rgb 0..1""#, more: String = "",
    files: MemoryFiles = MemoryFiles(), params: [String: Literal] = [:]
  ) {
    self.init(
      """
      {"format": 1,\(more)
       "inputs": {\(inputs)},
       "nodes": {
      \(nodes)
       },
       "outputs": {\(outputs)}}
      """, files: files, params: params)
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
    case .map(let body), .loop(let body, _, _), .minimize(let body, _, _, _, _): [body]
    case .branch(_, let then, let otherwise): [then] + (otherwise.map { [$0] } ?? [])
    }
  }
}
