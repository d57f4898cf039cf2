import ArgumentParser
import Engine
import Graph
import Language
import Nodes

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Runs a graph again without the cache and compares every node with what is stored.",
    discussion: """
      Names the first node whose result is another one than the stored. Exits with 1 where there is one, with 2 where \
      nothing of this run is stored. Of several files the first is taken.
      """)

  @OptionGroup var options: GraphOptions
  @Option(help: "The cache folder.") var cache: String?
  @Option(help: "Seed of everything random.") var seed: UInt64 = 0
  @Option(help: "Jobs at a time; all cores when left out.") var jobs: Int?
  @Flag(help: "As one JSON object.") var json = false

  func run() throws {
    var status = ExitStatus.wrongGraph
    let verification: Verification
    do throws(Fault) {
      let planning = try Planning(options, cache: cache, seed: seed)
      let fresh = Session.engine(cache: "off", jobs: jobs)
      let result = fresh.runAndWait(planning.graph, inputs: planning.inputs, options: planning.options)
      if let fault = result.fault {
        status = ExitStatus.nodeFailed
        throw fault
      }
      verification = try fresh.verify(
        planning.graph, inputs: planning.inputs, options: planning.options, against: planning.engine.store)
    } catch {
      Output.error(error.text)
      throw ExitCode(status)
    }
    Output.result(json ? text(json: verification) : text(verification))
    if !verification.different.isEmpty { throw ExitCode(ExitStatus.nodeFailed) }
    if verification.equal.isEmpty { throw ExitCode(ExitStatus.wrongGraph) }
  }

  private func text(_ verification: Verification) -> String {
    if let first = verification.different.first {
      let place = first.place.map { "\($0): " } ?? ""
      return "\(place)\(first.path) (\(first.op)) gives another result than the stored one"
    }
    if verification.equal.isEmpty { return "nothing of this run is in the cache: run it first" }
    return "\(verification.equal.count) nodes give what is stored, \(verification.unknown) are not stored"
  }

  private func text(json verification: Verification) -> String {
    let different = verification.different.map { JSONText.quoted($0.path) }.joined(separator: ",")
    return "{\"equal\":\(verification.equal.count),\"different\":[\(different)],\"unknown\":\(verification.unknown)}"
  }
}
