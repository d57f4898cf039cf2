import Foundation
import TestSupport
import Testing

/// `weft run --watch` and `weft fmt`: what an author does over and over.
@Suite struct WatchTests {
  @Test(.timeLimit(.minutes(5))) func anEditRunsTheGraphAgain() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(RunOptionTests.graph, "g.json")
    let process = try program.start(
      ["run", "g.json", "--watch", "--only", "halves"] + RunOptionTests.values)
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let file = "out/halves.json"
    // Until the test's time limit: how long the program takes is not what is tested.
    func wait(for text: String) {
      while (try? program.data(file)).map({ String(decoding: $0, as: UTF8.self) }) != text {
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    wait(for: "[[0.5,1.0],[1.5,2.0],[2.5,3.0]]\n")
    try program.write(RunOptionTests.graph.replacingOccurrences(of: "\"by\": 0.5", with: "\"by\": 0.25"), "g.json")
    wait(for: "[[0.25,0.5],[0.75,1.0],[1.25,1.5]]\n")
    process.interrupt()
    process.waitUntilExit()
    #expect([0, 130].contains(process.terminationStatus))
  }

  @Test func formattingTwiceChangesNothing() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(RunOptionTests.graph.replacingOccurrences(of: "\n", with: " "), "g.json")
    #expect(try program.run(["fmt", "--check", "g.json"]).status == 1)
    #expect(try program.run(["fmt", "g.json"]).status == 0)
    let once = try program.data("g.json")
    #expect(try program.run(["fmt", "--check", "g.json"]).status == 0)
    #expect(try program.run(["fmt", "g.json"]).status == 0)
    #expect(try program.data("g.json") == once)
    try program.write("{", "broken.json")
    let broken = try program.run(["fmt", "broken.json"])
    #expect(broken.status == 2 && broken.errors.hasPrefix("broken.json:1:2: error[syntax]"), "\(broken.errors)")
  }
}
