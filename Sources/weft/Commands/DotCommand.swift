import ArgumentParser
import Graph
import Language

struct DotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dot", abstract: "Draws a graph as Graphviz DOT on standard output.")

  @OptionGroup var options: GraphOptions
  @Flag(help: "Opens graphs of other files too.") var expand = false
  @Option(help: "A trace that a run wrote: paints time and bytes.") var trace: String?

  func run() throws {
    do throws(Fault) {
      let opened = try OpenedGraph(options)
      let result = try GraphChecking.check(opened)
      let errors = result.faults.filter { $0.severity == .error }
      if !errors.isEmpty { Output.error(Diagnostics.text(errors)) }
      guard let file = result.file, errors.isEmpty else { throw Fault("graph", "the graph has errors") }
      let title = file.name ?? options.graph
      let drawing = Drawing(result.graph, title: title, expandsFiles: expand)
      let notes = try trace.map(TraceFile.times)?.notes(drawing) ?? [:]
      Output.result(DotWriter.text(drawing, notes: notes))
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }
}
