import ArgumentParser
import Graph
import Language
import Nodes

/// A graph and the values given for its inputs and params: shared by check, plan, dot, why and run.
struct GraphOptions: ParsableArguments {
  @Argument(
    help: "A graph file, from the working directory or the shipped Graphs folder; FILE#NAME for one graph of it.")
  var graph: String

  @Argument(help: ArgumentHelp("Values for inputs and params.", valueName: "name=value"))
  var values: [String] = []

  /// The file and the graph in it.
  var target: (file: String, graph: String?) {
    guard let hash = graph.lastIndex(of: "#") else { return (graph, nil) }
    return (String(graph[..<hash]), String(graph[graph.index(after: hash)...]))
  }
}

/// A graph opened with values.
struct OpenedGraph {
  let path: String
  let library: GraphLibrary
  let file: GraphFile?
  let syntaxFaults: [Fault]
  /// Text given per name, in order.
  let given: [(name: String, text: String)]
  let graphName: String?

  /// - Throws: when the file is not there or a value is not of the form `name=value`.
  init(_ options: GraphOptions) throws(Fault) {
    let target = options.target
    library = Locations.library()
    guard let path = library.resolve(target.file, from: nil) else {
      throw .noGraphFile(target.file, library.suggestion(target.file, from: nil))
    }
    self.path = path
    graphName = target.graph
    (file, syntaxFaults) = library.parse(path)
    var given: [(String, String)] = []
    for text in options.values {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { throw .notAValue(text) }
      let name = String(text[..<equals])
      if given.contains(where: { $0.0 == name }) { throw .givenTwice(name) }
      given.append((name, String(text[text.index(after: equals)...])))
    }
    self.given = given
  }

  /// The declaration whose inputs the command line feeds.
  var declaration: GraphDeclaration? {
    guard let file else { return nil }
    guard let graphName else { return file.main }
    return file.graphs.first { $0.name == graphName }
  }

  /// Params as given, each read by its declared type.
  func params() throws(Fault) -> [String: Literal] {
    var result: [String: Literal] = [:]
    guard let file, let declaration else { return result }
    for (name, text) in given {
      if let param = file.params.first(where: { $0.name == name }) {
        let type: ValueType
        do { type = try ValueType(parsing: param.type.value) } catch { continue }
        result[name] = try InputReader.literal(text, for: type, name: name)
      } else if !declaration.inputs.contains(where: { $0.name == name }) {
        throw .noSuchName(name, file.params.map(\.name) + declaration.inputs.map(\.name))
      }
    }
    return result
  }
}

/// Wording of what can be wrong with the command line.
extension Fault {
  static func noGraphFile(_ name: String, _ suggestion: String) -> Fault {
    Fault("unknown-file", "there is no graph \"\(name)\"\(suggestion)")
  }

  static func notAValue(_ text: String) -> Fault {
    Fault("usage", "\"\(text)\" is not of the form name=value")
  }

  static func givenTwice(_ name: String) -> Fault { Fault("usage", "\"\(name)\" is given twice") }

  static func noSuchName(_ name: String, _ names: [String]) -> Fault {
    let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return Fault(
      "usage", "the graph has no input or param \"\(name)\"\(Suggestion.phrase(for: name, in: names)); \(known)")
  }
}
