@testable import Engine

import Graph
import Language
import TestSupport
import Testing

@Suite struct ProbeTests {
  @Test(arguments: [
    ("paint/**", "paint/loss/gram", true), ("paint/*", "paint/loss/gram", false), ("**", "a/b", true),
    ("**/gram", "paint/loss/gram", true), ("p*t/loss", "paint/loss", true), ("paint", "paint/loss", false),
    ("?aint", "paint", true),
  ])
  func patterns(pattern: String, path: String, matches: Bool) {
    func parts(_ text: String) -> ArraySlice<String> { text.split(separator: "/").map(String.init)[...] }
    #expect(Glob.matches(parts(path), parts(pattern)) == matches)
  }

  static func graph(_ value: Double) -> FlatGraph {
    GraphBuilder.build {
      let start = $0.node("a", "toy.constant", [], ["value": .float(value)])
      let twice = $0.node("twice", "toy.scale", [[start]])
      $0.output("y", $0.node("root", "toy.root", [[twice]]))
    }
  }

  @Test func aProbeSeesTheEdgeItIsPutOn() throws {
    let probe = Probe("tw*")
    _ = EngineTests.engine().runAndWait(Self.graph(8), inputs: [:], options: RunOptions(probes: [probe]))
    let found = try #require(probe.results.first)
    #expect(probe.results.count == 1)
    #expect(found.path == "twice")
    #expect(found.statistics.mean == 16)
    #expect(found.statistics.minimum == 16)
    #expect(found.statistics.nanCount == 0)
  }

  @Test func theTrapNamesTheFirstNodeThatMakesANaN() {
    let options = RunOptions(trapsNaN: true)
    let fault = EngineTests.engine().runAndWait(Self.graph(-1), inputs: [:], options: options).fault
    #expect(fault?.message == "root (toy.root) made the first NaN, at step 0")
    #expect(EngineTests.engine().runAndWait(Self.graph(1), inputs: [:], options: options).fault == nil)
  }

  @Test func aTraceIsJSONWithEveryNode() {
    let trace = TraceWriter()
    _ = EngineTests.engine().runAndWait(
      Self.graph(1), inputs: [:], options: RunOptions(observesPrograms: true), observer: trace)
    #expect(trace.text.hasPrefix("{\"traceEvents\":["))
    for name in ["a", "twice", "root"] { #expect(trace.text.contains("\"name\":\"\(name)\"")) }
  }
}
