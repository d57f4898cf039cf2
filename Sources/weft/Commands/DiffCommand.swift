import ArgumentParser
import Graph
import Language
import Nodes

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Says what one graph computes and another does not.",
    discussion: """
      + added, - removed, ~ changed, = renamed. Order of keys and documentation are no difference. Exits with 1 where \
      the graphs compute different things, with 0 where not.
      """)

  @Argument(help: "A graph file.") var a: String
  @Argument(help: "Another one.") var b: String
  @Argument(help: ArgumentHelp("Values for inputs and params of both.", valueName: "name=value"))
  var values: [String] = []
  @Flag(help: "As one JSON array.") var json = false

  func run() throws {
    let difference: GraphDifference
    do throws(Fault) {
      difference = GraphDifference(from: try flat(a), to: try flat(b))
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
    if json {
      let entries = difference.entries.map { entry in
        "{\"kind\":\(JSONText.quoted("\(entry.kind)")),\"subject\":\(JSONText.quoted(entry.subject)),"
          + "\"words\":\(JSONText.quoted(entry.words))}"
      }
      Output.result("[\(entries.joined(separator: ","))]")
    } else if difference.entries.isEmpty {
      Output.result("no difference")
    } else {
      Output.result(difference.entries.map(\.text).joined(separator: "\n"))
    }
    if difference.isReal { throw ExitCode(1) }
  }

  private func flat(_ path: String) throws(Fault) -> FlatGraph {
    let result = try GraphChecking.check(path, values: values)
    guard result.isSound else {
      Output.error(Diagnostics.text(result.faults))
      throw Fault("graph", "nothing was compared: \(path) has \(Diagnostics.summary(result.faults))")
    }
    return result.graph
  }
}
