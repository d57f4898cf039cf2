import ArgumentParser
import Engine
import Graph
import Language
import Workers

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs a graph; `weft run GRAPH --help` lists its inputs and params.")

  @OptionGroup var options: GraphOptions
  @OptionGroup var settings: RunSettings

  func run() throws {
    let status = RunSession(options, settings).run()
    if status != 0 { throw ExitCode(status) }
  }
}

/// Options of a run.
struct RunSettings: ParsableArguments {
  @Option(help: "The folder for outputs.") var out = "out"
  @Flag(help: "One JSON object per item on standard output.") var json = false
  @Option(help: "auto, plain or none.") var progress: Progress.Style = .auto
  @Option(help: "Jobs at a time; all cores when left out.") var jobs: Int?
  @Option(help: "Seed of everything random.") var seed: UInt64 = 0
  @Option(help: "A memory budget such as 2G: fewer items at a time, or a refusal before anything runs.") var mem:
    String?
  @Option(help: "The cache folder, or off.") var cache: String?
  @Option(help: "Writes a Chrome trace.") var trace: String?
  @Option(help: "Writes the graph as DOT, painted with this run's times.") var dot: String?
  @Option(help: "Runs what this node or output needs, and nothing else.") var only: String?
  @Flag(help: "Runs again whenever a file of the graph changes.") var watch = false
  @Option(help: "Values to try one after the other: name=a,b,c. Repeat for more params.") var sweep: [String] = []
  @Option(help: "Only the items of shard I of N: I/N.") var shard: String?
  @Flag(help: "After a node failed, still makes the outputs of the item that do not depend on it.")
  var keepGoing = false
  @Option(help: "Prints minimum, maximum, mean and NaN count of the values at paths like 'paint/**'; skips the cache.")
  var probe: [String] = []
  @Option(help: "nan: stops at the first node that makes one; skips the cache.") var trap: Trap?

  enum Trap: String, ExpressibleByArgument, CaseIterable { case nan }

  func validate() throws {
    if let jobs, jobs < 1 || jobs > 64 { throw ValidationError("--jobs takes a number from 1 to 64") }
    if let mem, RunSettings.bytes(mem) == nil { throw ValidationError("--mem takes a size such as 500M or 2G") }
    if let shard, RunSettings.parts(shard) == nil { throw ValidationError("--shard takes I/N with I from 1 to N") }
    for text in sweep where !text.dropFirst().contains("=") { throw ValidationError("--sweep takes name=a,b,c") }
  }

  static func bytes(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    guard let last = text.uppercased().last else { return nil }
    if let unit = units[last] { return Double(text.dropLast()).flatMap { $0 > 0 ? Int($0 * Double(unit)) : nil } }
    return Int(text).flatMap { $0 > 0 ? $0 : nil }
  }

  static func parts(_ text: String) -> (number: Int, count: Int)? {
    let parts = text.split(separator: "/").compactMap { Int($0) }
    guard parts.count == 2, parts[1] > 0, (1...parts[1]).contains(parts[0]) else { return nil }
    return (parts[0], parts[1])
  }
}

extension Progress.Style: ExpressibleByArgument {}
