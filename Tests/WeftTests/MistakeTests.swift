import Foundation
import TestSupport
import Testing

/// What is wrong with a command is said before anything runs, with exit code 2.
@Suite struct MistakeTests {
  private func errors(_ arguments: [String], graph: String = "g.json") throws -> String {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(RunOptionTests.graph, "g.json")
    try program.write("", "file")
    let outcome = try program.run(["run", graph] + arguments)
    #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
    #expect(outcome.output == "")
    #expect(!program.exists("out"))
    return outcome.errors
  }

  @Test func unknownNames() throws {
    #expect(
      try errors(RunOptionTests.values + ["step=3"])
        == "error[usage]: the graph has no input or param \"step\" (did you mean \"steps\"?); it has steps, by, start, rows\n"
    )
    #expect(
      try errors(RunOptionTests.values + ["start=[1,1]"]) == "error[usage]: \"start\" is given twice\n")
    #expect(try errors(["start"]) == "error[usage]: \"start\" is not of the form name=value\n")
  }

  @Test func wrongValues() throws {
    #expect(
      try errors(RunOptionTests.values + ["steps=many"]) == "error[input]: steps takes int, not \"many\"\n")
    #expect(
      try errors(["start=[1,2,3]", "rows=[]"]).hasPrefix("error[input]: start takes tensor<f32>[2], not \"[1,2,3]\""))
    #expect(
      try errors(RunOptionTests.values + ["steps=0"])
        == """
        error[param]: param "steps" must be at least 1, but is 0
           declared at   g.json:3:15
        error[graph]: nothing was run: 1 error

        """)
  }

  @Test func missingInputs() throws {
    #expect(
      try errors(["start=[1,2]"])
        == """
        g.json:4:80: error[missing-input]: the input "rows" (list<tensor<f32>[2]>) must be given
        error[graph]: nothing was run: 1 error

        """)
  }

  @Test func wrongOptions() throws {
    #expect(try errors(["--shard", "3/2"]).contains("--shard takes I/N with I from 1 to N"))
    #expect(try errors(["--mem", "lots"]).contains("--mem takes a size such as 500M or 2G"))
    #expect(try errors(["--jobz", "2"]).contains("Unknown option '--jobz'"))
    #expect(try errors([], graph: "h.json").hasPrefix("error[unknown-file]: there is no graph \"h.json\""))
  }

  @Test func aFolderThatCannotBeWritten() throws {
    #expect(
      try errors(RunOptionTests.values + ["--out", "file/deep"])
        == "error[file]: cannot write to --out file/deep: Not a directory\n")
  }

  @Test func aFileThatCannotBeWrittenFailsTheItem() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(RunOptionTests.graph, "g.json")
    // A folder where a file is to go.
    try program.write("", "out/curve.csv/inside")
    let outcome = try program.run(["run", "g.json", "--progress", "none"] + RunOptionTests.values)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("out/curve.csv") && outcome.errors.hasPrefix("g.json:14:"), "\(outcome.errors)")
  }

  @Test func aFailedNodeIsNamedWithItsPlace() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      RunOptionTests.graph.replacingOccurrences(of: "\"lr\": 0.1", with: "\"lr\": 1e30"), "g.json")
    let outcome = try program.run(["run", "g.json", "steps=9", "--progress", "none"] + RunOptionTests.values)
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("g.json:7:") && outcome.errors.contains("paint"), "\(outcome.errors)")
  }
}
