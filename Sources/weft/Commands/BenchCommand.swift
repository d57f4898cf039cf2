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
  @Flag(help: "One JSON object per run on standard output, the first one included.") var json = false
  @Flag(help: "Waits for a line on standard input before each run, so that others can take turns.") var paced = false

  func validate() throws {
    if let jobs, jobs < 1 || jobs > 64 { throw ValidationError("--jobs takes a number from 1 to 64") }
    if runs < 1 { throw ValidationError("--runs takes a number from 1") }
  }

  func run() throws {
    do throws(Fault) {
      let planning = try Planning(options, cache: "off", seed: 0, jobs: jobs)
      var logs: [[NodeLog.Entry]] = []
      var seconds: [Double] = []
      for _ in 0...runs {
        if paced, readLine() == nil { break }
        let log = NodeLog()
        let watch = Stopwatch()
        var settings = planning.options
        settings.observesPrograms = true
        let result = planning.engine.runAndWait(
          planning.graph, inputs: planning.inputs, options: settings, observer: log)
        if let fault = result.fault { throw fault }
        logs.append(log.all)
        seconds.append(watch.seconds)
        if json { Output.result(BenchReport.json(logs[logs.count - 1], seconds: seconds[seconds.count - 1])) }
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
