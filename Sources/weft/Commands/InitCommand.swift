import ArgumentParser
import FoundationEssentials
import Language

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a graph to start from.",
    discussion: "Without a template, lists them. The file is named after the template and never overwrites another.")

  @Argument(help: "A template.") var template: String?
  @Argument(help: "The file to write; TEMPLATE.json when left out.") var file: String?

  func run() throws {
    do throws(Fault) {
      let folder = try templates()
      let names = DiskAccess().list(folder).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
      guard let template else { return Output.result(names.joined(separator: "\n")) }
      guard names.contains(template), let bytes = DiskAccess().read("\(folder)/\(template).json") else {
        throw .noTemplate(template, names)
      }
      let target = file ?? template + ".json"
      guard !FileManager.default.fileExists(atPath: target) else { throw .templateInTheWay(target) }
      do { try Data(bytes).write(to: URL(filePath: target), options: .atomic) } catch {
        throw Fault("file", "cannot write \(target): \(error)")
      }
      Output.error("wrote \(target)\n  weft check \(target)\n  weft run \(target) --help")
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }

  private func templates() throws(Fault) -> String {
    guard let shipped = Locations.shipped else {
      throw Fault("file", "the Graphs folder that comes with weft is not there")
    }
    return shipped + "/templates"
  }
}

extension Fault {
  static func noTemplate(_ name: String, _ names: [String]) -> Fault {
    Fault(
      "usage",
      "there is no template \"\(name)\"\(Suggestion.phrase(for: name, in: names)); there is \(names.joined(separator: ", "))"
    )
  }

  static func templateInTheWay(_ file: String) -> Fault {
    Fault("usage", "\(file) is there already; name another file")
  }
}
