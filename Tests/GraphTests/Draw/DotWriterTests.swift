import Foundation
import Language
import TestSupport
import Testing

@testable import Graph

@Suite struct DotWriterTests {
  static let dot = ["/usr/bin/dot", "/usr/local/bin/dot", "/opt/homebrew/bin/dot"].first(
    where: FileManager.default.isExecutableFile)

  /// What `dot` says about the text, which should be nothing, and the drawing.
  static func render(_ text: String) throws -> (complaints: String, svg: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-dot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
    let errors = folder.appendingPathComponent("errors")
    try text.write(to: input, atomically: true, encoding: .utf8)
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: dot!)
    process.arguments = ["-Tsvg", "-o", output.path, input.path]
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return (try String(contentsOf: errors, encoding: .utf8), (try? String(contentsOf: output, encoding: .utf8)) ?? "")
  }

  @Test(.enabled(if: dot != nil, "graphviz is not installed")) func dotHasNothingToSay() throws {
    for expands in [false, true] {
      let drawing = Drawing(DrawingTests.styled.graph, title: "a \"styled\" <graph> & more", expandsFiles: expands)
      let notes = [
        "goal": DotWriter.Note(seconds: 0.012, share: 0.4, bytes: 3_100_000, isCached: true, isCritical: true)
      ]
      let (complaints, svg) = try Self.render(DotWriter.text(drawing, notes: notes))
      #expect(complaints == "")
      #expect(svg.contains("optim.minimize") && svg.contains("12 ms"))
    }
  }

  @Test func theTextIsTheSameEveryTime() {
    let text = DotWriter.text(Drawing(DrawingTests.styled.graph, title: "styled"))
    #expect(text == DotWriter.text(Drawing(DrawingTests.styled.graph, title: "styled")))
    #expect(text.contains(#""@x" [label=<<b>x</b>"#) && text.contains(#""net" -> "goal" [label="  1×2×H×W  ""#))
  }
}
