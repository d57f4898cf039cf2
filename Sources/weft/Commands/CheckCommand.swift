import ArgumentParser
import Graph
import Language
import Nodes

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks graphs: all mistakes in one pass, nothing runs.")

  @Argument(help: "Graph files; values (name=value) apply to all of them.") var graphs: [String]
  @Flag(help: "Compares the gradient of every optim.minimize with differences; needs values for the inputs.")
  var grad = false
  @Flag(help: "Diagnostics as data, one JSON array on standard output.") var json = false

  func run() throws {
    let values = graphs.filter { $0.contains("=") }
    let files = graphs.filter { !$0.contains("=") }
    guard !files.isEmpty else { throw ValidationError("no graph to check") }
    var faults: [Fault] = []
    var isWrong = false
    for file in files {
      do throws(Fault) {
        let result = try GraphChecking.check(file, values: values)
        faults += result.faults
        if !json {
          Output.error(Diagnostics.text(result.faults))
          if result.isSound { Output.error("\(file): \(result.graph.nodes.count) nodes, no errors") }
        }
        if grad, result.isSound { isWrong = try !compareGradients(file, values) || isWrong }
      } catch {
        faults.append(error)
        if !json { Output.error(error.text) }
      }
    }
    if json { Output.result(JSON.compact(Diagnostics.json(faults))) }
    if !json, faults.contains(where: { $0.severity == .error }) { Output.error(Diagnostics.summary(faults)) }
    if faults.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.wrongGraph) }
    if isWrong { throw ExitCode(ExitStatus.nodeFailed) }
  }

  /// Whether all gradients agree with differences.
  private func compareGradients(_ file: String, _ values: [String]) throws(Fault) -> Bool {
    let result = try GraphChecking.check(file, values: values)
    let inputs = try GraphChecking.inputs(file, values: values)
    let missing = result.graph.inputs.filter { !$0.isOptional && inputs[$0.name] == nil }.map(\.name)
    guard missing.isEmpty else { throw .gradientNeeds(missing) }
    let complete = try GraphChecking.check(file, values: values, needsValues: true)
    guard complete.isSound else { throw complete.faults.first { $0.severity == .error }! }
    let engine = Session.engine(cache: "off", jobs: nil)
    let findings = try GradientCheck.run(complete.graph, inputs: inputs, engine: engine)
    for finding in findings { Output.error(finding.text) }
    return findings.allSatisfy(\.isClose)
  }
}
