import ArgumentParser
import Graph
import Language

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of graph files, for editors.")

  func run() { Output.result(GraphSchema.text(.linked)) }
}
