import Graph
import Language
import Nodes
import Tensors

/// A graph file opened as a network: with extents for its inputs, and weights for its parameters.
struct NetworkFile {
  /// The region of its numeric ops, every extent a number, parameters as constants.
  let region: Region
  /// Inputs and parameters under their own names.
  let names: [ValueID: String]
  let outputs: [String]
  let name: String
  let doc: String

  /// - Parameters:
  ///   - values: params as name=value, inputs as name=extents (`x=1,3,64,64`).
  ///   - weights: a weight file, where the graph does not name one itself; nil leaves parameters at zero.
  init(_ graph: String, values: [String], weights: String?, needsWeights: Bool) throws(Fault) {
    var options = GraphOptions()
    options.graph = graph
    options.values = values
    let opened = try OpenedGraph(options)
    guard let declaration = opened.declaration, opened.graphName == nil else {
      throw opened.syntaxFaults.first ?? .notANetwork(graph)
    }
    let extents = try NetworkFile.extents(opened, declaration)
    let params = try opened.params()
    let wrapper = NetworkFile.wrapper(
      declaration, path: NetworkFile.absolute(opened.path), extents: extents, params: params,
      weights: weights.map(NetworkFile.absolute))
    let access = WrapperAccess(text: wrapper)
    let library = GraphLibrary(
      access: access, searchPaths: opened.library.searchPaths, models: opened.library.models,
      sources: opened.library.sources)
    let result = Checker.check(WrapperAccess.path, registry: .linked, library: library, probe: HeaderProbe())
    if var fault = result.faults.first(where: { $0.severity == .error }) {
      if fault.place?.file == WrapperAccess.path { fault.place = nil }
      throw fault
    }
    var builder = NetworkRegion(needsWeights: needsWeights)
    try builder.add(result.graph)
    (region, names) = (builder.region, builder.names)
    outputs = result.graph.outputs.map(\.name)
    name = opened.file?.name ?? opened.path
    doc = declaration.doc ?? ""
  }

  private static func extents(
    _ opened: OpenedGraph, _ declaration: GraphDeclaration
  ) throws(Fault) -> [String: [Int]] {
    var result: [String: [Int]] = [:]
    for (name, text) in opened.given where declaration.inputs.contains(where: { $0.name == name }) {
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard numbers.allSatisfy({ $0 > 0 }) else { throw .badExtents("\(name)=\(text)") }
      result[name] = numbers
    }
    return result
  }

  /// A graph that calls the network with inputs of these extents.
  private static func wrapper(
    _ declaration: GraphDeclaration, path: String, extents: [String: [Int]], params: [String: Literal],
    weights: String?
  ) -> String {
    var (inputs, feeds): ([String: Literal], [String: Literal]) = ([:], [:])
    for input in declaration.inputs {
      let type = extents[input.name].map { "tensor<f32>[\($0.map(String.init).joined(separator: ","))]" }
      inputs[input.name] = .string(type ?? input.type.value)
      feeds[input.name] = .string("@" + input.name)
    }
    var node: [String: Literal] = ["op": .string(path), "in": .object(feeds), "with": .object(params)]
    if let weights { node["weights"] = .string(weights) }
    // The outputs keep their order, which an object of literals does not.
    let outputs = declaration.outputs.map { "\(JSONText.quoted($0.name)):\(JSONText.quoted("net.\($0.name)"))" }
    return """
      {"format":1,"inputs":\(Literal.object(inputs)),"nodes":{"net":\(Literal.object(node))},\
      "outputs":{\(outputs.joined(separator: ","))}}
      """
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : Locations.workingFolder + "/" + path
  }
}

/// The disk, and one file that is not on it.
private struct WrapperAccess: FileAccess {
  static let path = "/dev/null/network.json"
  let text: String
  private let disk = DiskAccess()

  init(text: String) { self.text = text }

  func read(_ path: String) -> [UInt8]? { path == WrapperAccess.path ? Array(text.utf8) : disk.read(path) }
  func exists(_ path: String) -> Bool { path == WrapperAccess.path || disk.exists(path) }
  func list(_ folder: String) -> [String] { disk.list(folder) }
}

/// Wording of what can be wrong with a network.
extension Fault {
  static func notANetwork(_ graph: String) -> Fault { Fault("network", "\(graph) is not a graph file of its own") }

  static func badExtents(_ text: String) -> Fault {
    Fault("usage", "\"\(text)\" does not give extents: write x=1,3,64,64")
  }

  static func openExtents(_ name: String, _ type: ValueType) -> Fault {
    Fault("network", "input \"\(name)\" is \(type): give its extents, as in \(name)=1,3,64,64")
  }

  static func notNumeric(_ node: FlatGraph.Node) -> Fault {
    Fault(
      "network", "\(node.path): \(node.op.name) is no part of a network: it runs on its own, not compiled",
      at: node.place)
  }

  static func weightsNotGiven(_ node: FlatGraph.Node) -> Fault {
    Fault("network", "\(node.path): the network has no weights yet; name a file with --weights")
  }

  static func noResult(_ name: String) -> Fault { Fault("network", "output \"\(name)\" is no result of a compiled op") }
}
