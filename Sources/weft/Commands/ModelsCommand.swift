import ArgumentParser
import Graph
import Language
import Models

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Models that can be named instead of a path.",
    subcommands: [List.self, Pull.self, Path.self, Inspect.self, Export.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What the index has, and what is here.")
    @Flag(help: "One JSON object per model on standard output.") var json = false

    func run() throws {
      try ModelsCommand.reporting { () throws(Fault) in
        let index = try NamedModels.open()
        for entry in index.entries {
          Output.result(
            json ? ModelReport.json(entry, path: index.path(entry)) : ModelReport.line(entry, path: index.path(entry)))
        }
      }
    }
  }

  struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Downloads models, checks them against the index and keeps them; goes on where a download ended.")
    @Argument(help: "Names of the index.") var names: [String]

    func run() throws {
      try ModelsCommand.reporting { () throws(Fault) in
        let index = try NamedModels.open()
        var entries: [ModelEntry] = []
        for name in names { entries.append(try index.entry(name)) }
        for entry in entries {
          let progress = PullProgress(entry.name)
          let outcome = try ModelPull(index).pull(entry, progress: progress.show)
          progress.end()
          Output.error(ModelReport.pulled(entry, outcome))
        }
      }
    }
  }

  struct Path: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Where a model is; fails when it has not been pulled.")
    @Argument(help: "A name of the index, or a member of a pack: buffalo_l/det_10g.onnx.") var name: String

    func run() throws {
      try ModelsCommand.reporting { () throws(Fault) in
        let index = try NamedModels.open()
        guard let known = index.model(name) else { throw .noSuchName(name, in: index) }
        guard let path = known.path else { throw .notHere(name, known.pull, index) }
        Output.result(path)
      }
    }
  }

  /// Prints a fault as every command does.
  static func reporting(_ body: () throws(Fault) -> Void) throws {
    do throws(Fault) { try body() } catch {
      Output.error(error.text)
      throw ExitCode(error.code == "download" ? ExitStatus.nodeFailed : ExitStatus.wrongGraph)
    }
  }
}

extension Fault {
  fileprivate static func noSuchName(_ name: String, in index: ModelIndex) -> Fault {
    Fault(
      "unknown-model",
      "the model index has no \"\(name)\"\(Suggestion.phrase(for: name, in: index.names)); weft models list shows what it has"
    )
  }

  fileprivate static func notHere(_ name: String, _ pull: String, _ index: ModelIndex) -> Fault {
    let entry = index.entries.first { $0.name == name }
    let how = entry.flatMap(\.convert).map { "; then \($0)" } ?? ""
    return Fault("missing-file", "the model \"\(name)\" is not here: \(pull)\(how)")
  }
}
