import ArgumentParser
import Graph
import Language
import Nodes

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks graphs: all mistakes in one pass, nothing runs.")

  @Argument(help: "Graph files; values (name=value) apply to all of them.") var graphs: [String]
  @Flag(help: "Diagnostics as data, one JSON array on standard output.") var json = false

  func run() throws {
    let values = graphs.filter { $0.contains("=") }
    let files = graphs.filter { !$0.contains("=") }
    guard !files.isEmpty else { throw ValidationError("no graph to check") }
    var faults: [Fault] = []
    for file in files {
      do throws(Fault) {
        let result = try GraphChecking.check(file, values: values)
        faults += result.faults
        if !json {
          Output.error(Diagnostics.text(result.faults))
          if result.isSound { Output.error("\(file): \(result.graph.nodes.count) nodes, no errors") }
        }
      } catch {
        faults.append(error)
        if !json { Output.error(error.text) }
      }
    }
    if json { Output.result(JSON.compact(Diagnostics.json(faults))) }
    if !json, faults.contains(where: { $0.severity == .error }) { Output.error(Diagnostics.summary(faults)) }
    if faults.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.wrongGraph) }
  }
}
