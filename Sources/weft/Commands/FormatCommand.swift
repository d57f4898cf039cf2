import ArgumentParser
import FoundationEssentials
import Graph
import Language

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Formats graph files in place; keeps every doc and value.")

  @Argument(help: "Graph files.") var files: [String]
  @Flag(help: "Changes nothing; fails when a file would change.") var check = false

  func run() throws {
    var isWrong = false
    var isDifferent = false
    for file in files {
      guard let bytes = DiskAccess().read(file) else {
        Output.error(Fault.noGraphFile(file, "").text)
        isWrong = true
        continue
      }
      do throws(Fault) {
        let text = GraphFormatter.format(try JSON.parse(bytes, file: file))
        guard Array(text.utf8) != bytes else { continue }
        if check {
          Output.error("\(file) is not formatted")
          isDifferent = true
        } else {
          try write(text, to: file)
        }
      } catch {
        Output.error(error.text)
        isWrong = true
      }
    }
    if isWrong { throw ExitCode(ExitStatus.wrongGraph) }
    if isDifferent { throw ExitCode(1) }
  }

  private func write(_ text: String, to file: String) throws(Fault) {
    do { try Data(text.utf8).write(to: URL(filePath: file), options: .atomic) } catch {
      throw Fault("file", "cannot write \(file): \(error)")
    }
  }
}
