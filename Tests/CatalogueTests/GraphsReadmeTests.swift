import Foundation
import Graph
import ImageOps
import Language
import MathOps
import NetOps
import Nodes
import TestSupport
import Testing

/// `Graphs/README.md` names every graph that ships, with commands that fit what the graphs take, and says truly which
/// controls of style transfer each takes.
@Suite struct GraphsReadmeTests {
  private static let folder = WeftProgram.checkout.appendingPathComponent("Graphs")

  private static let graphs: [String] = {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    return paths.filter { $0.hasSuffix(".json") && $0 != "models.json" }.sorted()
  }()

  private static let files: MemoryFiles = {
    var files = MemoryFiles()
    for path in graphs {
      files.texts[path] = try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }
    files.texts["models/vgg-mini.safetensors"] = ""
    return files
  }()

  private static let lines: [String] = {
    let text = try? String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").map(String.init)
  }()

  /// The cells of the table rows that begin with a link to a graph.
  private static let rows: [[String]] = lines.filter { $0.hasPrefix("| [`") }.map { line in
    line.split(separator: " | ").map { $0.trimmingCharacters(in: ["|", " "]) }
  }

  private static let commands: [String] = rows.compactMap { $0.last }.filter { $0.hasPrefix("`weft run ") }.map {
    String($0.dropFirst().dropLast())
  }

  private static func linked(_ row: [String]) -> String {
    String(row[0].drop { $0 != "(" }.dropFirst().prefix { $0 != ")" })
  }

  @Test func everyGraphIsNamedOnce() {
    #expect(Self.rows.map(Self.linked).sorted() == Self.graphs)
  }

  @Test(arguments: commands) func aCommandFitsItsGraph(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let (file, faults) = GraphLibrary(access: Self.files, searchPaths: [""]).parse(words[2])
    #expect(faults.isEmpty)
    let graph = try #require(file)
    var given: Set<String> = []
    for word in words.dropFirst(3) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      try #require(parts.count == 2, "\(word)")
      given.insert(parts[0])
      if let param = graph.params.first(where: { $0.name == parts[0] }) {
        _ = try InputReader.literal(parts[1], for: ValueType(parsing: param.type.value), name: parts[0])
      } else {
        #expect(graph.main.inputs.contains { $0.name == parts[0] }, "\(parts[0])")
      }
    }
    for input in graph.main.inputs where !input.isOptional { #expect(given.contains(input.name), "\(input.name)") }
    for param in graph.params where param.defaultValue == nil { #expect(given.contains(param.name), "\(param.name)") }
  }

  /// The columns of the table of controls, and a setting that each needs.
  private static let controls: [String: [String: Literal]] = [
    "several styles": ["more_styles": ["b.png"], "style_weights": [2, 1]], "masks": ["masks": ["m.png", "n.png"]],
    "face regions": ["region": "face", "detector": "none.onnx"], "style scale": ["style_scale": 0.5],
    "colours": ["colour": "luminance"],
    "sizes": ["octaves": 2], "layer weights": ["style_layer_weights": [1], "content_layer_weights": [1]],
    "tv": ["tv": "nine_point", "tv_weight": 0.5], "time-lapse": ["save_every": 1],
    "identity": ["identity_weight": 1, "encoder": "face/encoder-mini.json", "detector": "none.onnx"],
    "tiles": ["tile": 64],
    "film": ["temporal": true], "terms": ["style_term": "moments"], "optimiser": ["optimizer": "adam"],
  ]

  private static let table: [(graph: String, cells: [String])] = {
    guard let head = lines.firstIndex(where: { $0.hasPrefix("| controls |") }) else { return [] }
    return lines[(head + 2)...].prefix { $0.hasPrefix("| ") }.map { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: true).map {
        $0.trimmingCharacters(in: [" ", "`"])
      }
      return (cells[0], Array(cells.dropFirst()))
    }
  }()

  private static let columns: [String] =
    (lines.first { $0.hasPrefix("| controls |") } ?? "").split(separator: "|").map {
      $0.trimmingCharacters(in: [" "])
    }.filter { !$0.isEmpty && $0 != "controls" }

  @Test func theTableHasEveryControl() {
    #expect(Self.columns.sorted() == Self.controls.keys.sorted())
    #expect(Self.table.count >= 13)
  }

  private static let faces: Set<String> = ["face regions", "identity"]

  /// What a graph needs before its controls can be judged.
  private static let needs: [String: [String: Literal]] = [
    "face-swap": ["masks": "given"], "portrait": ["identity_weight": .null],
  ]

  private func faults(_ graph: String, _ controls: [String], _ library: GraphLibrary) -> [Fault] {
    var params = Self.needs[graph] ?? [:]
    for control in controls { params.merge(Self.controls[control] ?? [:]) { $1 } }
    let checked = Checker.check(
      "style/\(graph).json", registry: .linked, library: library, params: params,
      later: ["moved", "held", "mask", "face_mask"])
    // Models that are to be pulled are not there.
    return checked.faults.filter { $0.severity == .error && $0.code != "unknown-file" }
  }

  /// A graph takes the params of its controls, and is sound with all of them at once; those of faces, whose models are
  /// not here, stand for themselves. It lacks a param of every other control, or is unsound with it.
  @Test(arguments: table.map(\.graph)) func theTableOfControlsIsTrue(_ graph: String) throws {
    let row = try #require(Self.table.first { $0.graph == graph })
    let library = GraphLibrary(access: Self.files, searchPaths: [""])
    let file = try #require(library.parse("style/\(graph).json").0)
    try #require(row.cells.count == Self.columns.count && Set(row.cells).isSubset(of: ["yes", "no"]))
    func takes(_ control: String) -> Bool {
      (Self.controls[control] ?? [:]).keys.allSatisfy { name in file.params.contains { $0.name == name } }
    }
    let works = zip(Self.columns, row.cells).filter { $0.1 == "yes" }.map(\.0)
    for control in works { #expect(takes(control), "\(control)") }
    for group in [works.filter { !Self.faces.contains($0) }, works.filter(Self.faces.contains)] {
      let wrong = faults(graph, group, library)
      #expect(wrong.isEmpty, "\(group): \(Diagnostics.text(wrong))")
    }
    for (control, cell) in zip(Self.columns, row.cells) where cell == "no" && takes(control) {
      #expect(!faults(graph, [control], library).isEmpty, "\(control) works")
    }
  }
}
