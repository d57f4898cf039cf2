import ArgumentParser
import Engine
import Graph
import Language
import Nodes
import Workers

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Times a graph per node: GFLOP/s, GB/s and the share of what the machine can do.")

  @OptionGroup var options: GraphOptions
  @Option(help: "How often the graph runs; the first run, which compiles, is left out.") var runs = 5
  @Option(help: "Threads; all cores when left out.") var jobs: Int?
  @Option(help: "A node or output, and what it needs.") var only: String?
  @Flag(help: "One JSON object per run on standard output, the first one included.") var json = false
  @Flag(help: "Waits for a line on standard input, the number of runs to do in a row, so that others can take turns.")
  var paced = false
  @Flag(help: "With --json: times what runs as one, without the cost of looking at the nodes inside.") var parts = false

  func validate() throws {
    if let jobs, jobs < 1 || jobs > 64 { throw ValidationError("--jobs takes a number from 1 to 64") }
    if parts && !json { throw ValidationError("--parts needs --json") }
    if runs < 1 { throw ValidationError("--runs takes a number from 1") }
  }

  func run() throws {
    do throws(Fault) {
      let planning = try Planning(options, cache: "off", seed: 0, only: only, jobs: jobs)
      var logs: [[NodeLog.Entry]] = []
      var seconds: [Double] = []
      while logs.count <= runs {
        var turn = runs + 1 - logs.count
        if paced {
          guard let line = readLine() else { break }
          turn = min(turn, Int(line) ?? 1)
        }
        let before = logs.count
        for _ in 0..<turn {
          let log = NodeLog(countsParts: parts)
          let watch = Stopwatch()
          var settings = planning.options
          settings.observesPrograms = !parts
          let result = planning.engine.runAndWait(
            planning.graph, inputs: planning.inputs, options: settings, observer: log)
          if let fault = result.fault { throw fault }
          logs.append(log.all)
          seconds.append(watch.seconds)
        }
        if json {
          for index in before..<logs.count { Output.result(BenchReport.json(logs[index], seconds: seconds[index])) }
        }
      }
      if !json {
        let report = BenchReport(
          machine: Machine.measure(), runs: Array(logs.dropFirst()), seconds: Array(seconds.dropFirst()))
        Output.result(report.text)
      }
    } catch {
      Output.error(error.text)
      throw ExitCode(ExitStatus.wrongGraph)
    }
  }
}
