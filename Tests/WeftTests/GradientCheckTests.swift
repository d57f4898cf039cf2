import Foundation
import TestSupport
import Testing

/// `weft check --grad`.
@Suite struct GradientCheckTests {
  @Test func gradientsAreComparedWithDifferences() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(RunOptionTests.graph, "g.json")
    let outcome = try program.run(["check", "g.json", "--grad"] + RunOptionTests.values)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let line = try #require(outcome.errors.split(separator: "\n").first { $0.hasPrefix("paint  x  gradient ") })
    // d mean((x − g)²) / dx = x − g = [2, 4], along the signs of the direction.
    let numbers = line.split(separator: " ").compactMap { Double($0) }
    #expect(numbers.count == 3 && [6, 2, -2, -6].contains { abs($0 - numbers[0]) < 1e-3 }, "\(line)")
    #expect(abs(numbers[0] - numbers[1]) < 0.05 && numbers[2] < 0.01, "\(line)")
    #expect(!program.exists("out"))
  }

  @Test func missingValuesAreNamed() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(RunOptionTests.graph, "g.json")
    let outcome = try program.run(["check", "g.json", "--grad", "start=[1,2]"])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.contains("error[usage]: --grad runs what feeds the loss: give values for rows\n"),
      "\(outcome.errors)")
    #expect(try program.run(["init", "thumbnail"]).status == 0)
    try program.photo("a.png", grey: 3)
    let none = try program.run(["check", "thumbnail.json", "--grad", "photo=a.png"])
    #expect(none.status == 2 && none.errors.contains("error[usage]: --grad: the graph has no optim.minimize\n"))
  }
}
