import ArgumentParser

/// The command line. Each command is a file in `Commands`.
@main
struct Weft: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "weft",
    abstract: "Runs image and neural-network work written as JSON graphs.",
    version: version,
    subcommands: [
      RunCommand.self, CheckCommand.self, DotCommand.self, PlanCommand.self, WhyCommand.self, CacheCommand.self,
      DiffCommand.self, VerifyCommand.self, BenchCommand.self, OpsCommand.self, SchemaCommand.self,
      FormatCommand.self, InitCommand.self, ModelsCommand.self, GalleryCommand.self,
    ])

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let page = GraphHelp.page(arguments) {
      print(page)
      return
    }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      Output.error(fullMessage(for: error))
      exit(withError: ExitCode(ExitStatus.wrongGraph))
    }
  }
}
