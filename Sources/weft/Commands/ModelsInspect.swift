import ArgumentParser
import Graph
import Language
import Models
import Nodes
import Tensors

extension ModelsCommand {
  /// What a model or weight file holds.
  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What an ONNX or weight file holds: inputs, outputs, operators, parameters, floating-point operations.",
      discussion:
        "Of a graph file that is a network, a line per layer: weft models inspect networks/vgg19.json x=1,3,224,224")
    @Argument(help: "A path, or a name of the index.") var file: String
    @Argument(
      help: ArgumentHelp(
        "Sizes of inputs that leave them open: input=1,3,480,640; of a network, params as well.",
        valueName: "input=extents"))
    var sizes: [String] = []
    @Flag(help: "One JSON object on standard output.") var json = false

    func run() throws {
      try ModelsCommand.reporting { () throws(Fault) in
        let path = try Inspect.path(file)
        if path.hasSuffix(".onnx") {
          let report = try ModelInspection(path, sizes: try Inspect.parse(sizes))
          Output.result(json ? report.json : report.text)
        } else if path.hasSuffix(".json") {
          let report = NetworkSummary(try NetworkFile(path, values: sizes, weights: nil, needsWeights: false))
          Output.result(json ? report.json : report.text)
        } else {
          let report = WeightInspection(try WeightFile(path), path: path)
          Output.result(json ? report.json : report.text)
        }
      }
    }

    private static func path(_ name: String) throws(Fault) -> String {
      if let path = Locations.graph(name) { return path }
      if Locations.isFolder(name) { return name }
      if let known = try NamedModels.open().model(name)?.path { return known }
      throw .noModelFile(name)
    }

    private static func parse(_ texts: [String]) throws(Fault) -> [String: [Int]] {
      var result: [String: [Int]] = [:]
      for text in texts {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let extents = parts.count == 2 ? parts[1].split(separator: ",").compactMap { Int($0) } : []
        guard parts.count == 2, extents.count == parts[1].split(separator: ",").count, extents.allSatisfy({ $0 > 0 })
        else { throw .badSize(text) }
        result[parts[0]] = extents
      }
      return result
    }
  }
}

extension Fault {
  fileprivate static func noModelFile(_ name: String) -> Fault {
    Fault("unknown-file", "there is no model \"\(name)\"")
  }

  fileprivate static func badSize(_ text: String) -> Fault {
    Fault("usage", "\"\(text)\" is not of the form input=1,3,480,640")
  }
}
