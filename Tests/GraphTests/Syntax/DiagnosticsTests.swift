import Language
import Testing

@testable import Graph

@Suite struct DiagnosticsTests {
  static func place(_ line: Int, _ column: Int, _ file: String = "g.json") -> Place {
    Place(file: file, line: line, column: column)
  }

  static let faults = [
    Fault("shape", "a and b differ", at: place(4, 9)).noting("a = x", at: place(2, 3)).noting("b"),
    Fault("unused", "node \"x\" is not used", at: place(2, 3), severity: .warning),
    Fault("shape", "a and b differ", at: place(4, 9)).noting("a = x", at: place(2, 3)).noting("b"),
    Fault("file", "no such file"),
    Fault("second", "at one place", at: place(2, 10)), Fault("third", "at one place", at: place(2, 10)),
  ]

  @Test func faultsComeInFileOrderAndOnce() {
    #expect(
      Diagnostics.text(Self.faults) == """
        error[file]: no such file
        g.json:2:3: warning[unused]: node "x" is not used
        g.json:2:10: error[second]: at one place
        g.json:2:10: error[third]: at one place
        g.json:4:9: error[shape]: a and b differ
           a = x   g.json:2:3
           b

        """)
    #expect(Diagnostics.text([]) == "")
  }

  @Test func theSummaryCounts() {
    #expect(Diagnostics.summary(Self.faults) == "4 errors, 1 warning")
    #expect(Diagnostics.summary([Self.faults[1]]) == "1 warning")
    #expect(Diagnostics.summary([]) == "")
  }

  @Test func theSameAsData() {
    #expect(
      JSON.compact(Diagnostics.json([Self.faults[0], Self.faults[3]]))
        == #"[{"severity":"error","code":"file","message":"no such file"},"#
        + #"{"severity":"error","code":"shape","message":"a and b differ","file":"g.json","line":4,"column":9,"#
        + #""notes":[{"text":"a = x","file":"g.json","line":2,"column":3},{"text":"b"}]}]"#)
  }
}
