import ArgumentParser
import Graph
import Language

struct OpsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ops", abstract: "Lists the ops, or documents one.")

  @Argument(help: "An op; all of them when left out.") var name: String?
  @Flag(help: "Every op as Markdown tables.") var markdown = false

  func run() throws {
    if markdown { return Output.result(OpManual.markdown(.linked)) }
    guard let name else { return Output.result(OpManual.index(.linked)) }
    do throws(Fault) {
      Output.result(OpManual.page(try Registry.linked.op(name)))
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }
}
