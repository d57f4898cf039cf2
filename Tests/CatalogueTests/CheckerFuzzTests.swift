import Foundation
import ImageOps
import Language
import MathOps
import NetOps
import Nodes
import TestSupport
import Testing

@testable import Graph

/// Graph files that are right, with values, keys and references exchanged: the checker says what is wrong and never
/// traps, hangs or places a fault outside of the file.
@Suite struct CheckerFuzzTests {
  static let graphs: [(name: String, text: String)] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appendingPathComponent("Graphs")
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    var found = names.sorted().filter { $0.hasSuffix(".json") && $0 != "models.json" }.compactMap { name in
      (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)).map { (name, $0) }
    }
    for entry in BrokenGraphsTests.broken.cases {
      if let text = try? String(contentsOf: entry.input, encoding: .utf8) { found.append((entry.fileName, text)) }
    }
    return found
  }()

  static func collect(_ value: JSONValue, into pool: inout [JSONValue]) {
    pool.append(value)
    for element in value.elements ?? [] { collect(element, into: &pool) }
    for member in value.members ?? [] { collect(member.value, into: &pool) }
  }

  /// The tree with some values replaced by others of the same file, and some members lost or renamed.
  static func mutated(_ value: JSONValue, pool: [JSONValue], rate: Int, _ random: inout TestRandom) -> JSONValue {
    if Int.random(in: 0..<rate, using: &random) == 0 { return pool.randomElement(using: &random)! }
    var result = value
    if let elements = value.elements {
      result.kind = .array(elements.map { mutated($0, pool: pool, rate: rate, &random) })
    }
    if let members = value.members {
      let names = members.map(\.key)
      result.kind = .object(
        members.compactMap { member in
          let chance = Int.random(in: 0..<rate * 2, using: &random)
          if chance == 0 { return nil }
          let key = chance == 1 ? names.randomElement(using: &random)! : member.key
          return JSONMember(key, at: member.keyPlace, mutated(member.value, pool: pool, rate: rate, &random))
        })
    }
    if let text = value.text, Int.random(in: 0..<rate, using: &random) == 0 {
      result.kind = .string(
        String(
          text.unicodeScalars.map { scalar in
            Int.random(in: 0..<8, using: &random) == 0
              ? "0aH*/[].,(<>@-9?".unicodeScalars.randomElement(using: &random)! : scalar
          }.map(Character.init)))
    }
    return result
  }

  @Test func mutatedGraphsAreDiagnosed() throws {
    let count = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 1000 : 100_000
    let seeds = Self.graphs.compactMap { name, text in
      JSON.read(Array(text.utf8), file: name).0.map { (name, $0) }
    }
    var files = BrokenGraphsTests.files
    for (name, text) in Self.graphs { files.texts["Graphs/\(name)"] = text }
    var random = TestRandom(seed: 41)
    var sound = 0
    for round in 0..<count {
      let (name, seed) = seeds[round % seeds.count]
      var pool: [JSONValue] = []
      Self.collect(seed, into: &pool)
      pool = pool.filter { JSON.compact($0).utf8.count < 300 }
      let text = JSON.pretty(
        Self.mutated(seed, pool: pool, rate: [20, 60, 200, 600].randomElement(using: &random)!, &random))
      files.texts[name] = text
      let library = GraphLibrary(access: files, searchPaths: ["Graphs"])
      let (seconds, result) = ProcessorTime.ofThread {
        Checker.check(name, registry: .linked, library: library, probe: files)
      }
      if seconds > 20 { Issue.record("\(seconds) s for \(text)") }
      if result.isSound { sound += 1 }
      if result.file == nil && result.faults.isEmpty { Issue.record("refused without a word: \(text)") }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for place in result.faults.compactMap(\.place) where place.file == name && place.line > lines.count {
        Issue.record("\(place) lies outside the file")
      }
      if result.isSound { _ = DotWriter.text(Drawing(result.graph, title: name)) }
      files.texts[name] = nil
      if let original = BrokenGraphsTests.files.texts[name] { files.texts[name] = original }
    }
    #expect(sound > 0 && sound < count)
  }
}
