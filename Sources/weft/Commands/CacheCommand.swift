import ArgumentParser
import Engine
import Graph
import Language

struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Looks after the store of results.",
    subcommands: [Stats.self, Verify.self, Prune.self, Clear.self, Forget.self])

  struct Place: ParsableArguments {
    @Option(help: "The cache folder.") var cache: String?

    var store: ResultStore { Session.engine(cache: cache, jobs: nil).store }
  }

  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What is stored, and what it saves.")
    @OptionGroup var place: Place

    func run() {
      let store = place.store
      let stats = store.stats()
      Output.result(
        """
        folder       \(store.folder ?? "none")
        results      \(stats.results) of \(stats.records) keys, \(stats.checkpoints) checkpoints
        size         \(Quantity.bytes(stats.bytes))
        saves        \(Quantity.seconds(stats.seconds))
        """)
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads every entry and removes damaged ones; fails when there were any.")
    @OptionGroup var place: Place

    func run() throws {
      let (sound, damaged) = place.store.verify()
      Output.result("\(sound) sound, \(damaged) damaged")
      if damaged > 0 { throw ExitCode(1) }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes what saves least time per byte until the rest fits.")
    @OptionGroup var place: Place
    @Option(help: "What may stay, such as 2G; the store's own limit when left out.") var limit: String?

    func validate() throws {
      if let limit, RunSettings.bytes(limit) == nil { throw ValidationError("--limit takes a size such as 500M or 2G") }
    }

    func run() {
      Output.result("\(Quantity.bytes(place.store.prune(limit: limit.flatMap(RunSettings.bytes)))) freed")
    }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Removes everything.")
    @OptionGroup var place: Place

    func run() { place.store.clear() }
  }

  struct Forget: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Removes whatever came from a file, by its content.")
    @OptionGroup var place: Place
    @Argument(help: "Files.") var files: [String]

    func run() throws {
      let store = place.store
      do throws(Fault) {
        for file in files { Output.result("\(file): \(store.forget(try store.digest(ofFile: file))) entries removed") }
      } catch {
        Output.error(error.text)
        throw ExitCode(ExitStatus.wrongGraph)
      }
    }
  }
}
