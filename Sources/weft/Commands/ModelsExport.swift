import ArgumentParser
import FoundationEssentials
import Language
import Models
import Nodes

extension ModelsCommand {
  /// Writes a network with its weights as an ONNX file.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a network as an ONNX file, operator set 18, with extents as given.",
      discussion:
        "weft models export networks/vgg-mini.json x=1,3,32,32 --weights models/vgg-mini.safetensors --out vgg-mini.onnx"
    )
    @Argument(help: "A graph file that is a network.") var graph: String
    @Argument(
      help: ArgumentHelp("Params, and extents of inputs: width=16 x=1,3,32,32.", valueName: "name=value"))
    var values: [String] = []
    @Option(help: "A weight file, where the graph names none itself.") var weights: String?
    @Option(help: "The file to write.") var out: String

    func run() throws {
      try ModelsCommand.reporting { () throws(Fault) in
        let path = try weights.map { name throws(Fault) in
          guard let path = Locations.graph(name) else { throw .noWeightFile(name) }
          return path
        }
        let network = try NetworkFile(graph, values: values, weights: path, needsWeights: true)
        let bytes = try OnnxExporter(network.region, names: network.names)
          .bytes(name: network.name, doc: network.doc, outputs: network.outputs)
        do { try Data(bytes).write(to: URL(filePath: out), options: .atomic) } catch {
          throw .cannotExport(out, "\(error)")
        }
        Output.error("\(out): \(network.region.nodes.count) ops, \(bytes.count) bytes")
      }
    }
  }
}

extension Fault {
  fileprivate static func noWeightFile(_ name: String) -> Fault {
    Fault("missing-file", "there is no weight file \"\(name)\"")
  }

  fileprivate static func cannotExport(_ path: String, _ why: String) -> Fault {
    Fault("write", "cannot write \(path): \(why)")
  }
}
