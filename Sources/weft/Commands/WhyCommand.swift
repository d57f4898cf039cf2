import ArgumentParser
import Engine
import Graph
import Language

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Says why a node ran or would run.")

  @Argument(help: "A graph file.") var graph: String
  @Argument(help: "The node's path, as `weft dot` and `weft plan` show it.") var node: String
  @Argument(help: ArgumentHelp("Values for inputs and params.", valueName: "name=value")) var values: [String] = []
  @Option(help: "The cache folder.") var cache: String?
  @Option(help: "Seed of everything random.") var seed: UInt64 = 0

  func run() throws {
    var options = GraphOptions()
    options.graph = graph
    options.values = values
    do throws(Fault) {
      let planning = try Planning(options, cache: cache, seed: seed)
      Output.result(
        try planning.engine.why(planning.graph, node: node, inputs: planning.inputs, options: planning.options))
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }
}
