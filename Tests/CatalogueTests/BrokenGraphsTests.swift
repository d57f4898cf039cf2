import Foundation
import Graph
import ImageOps
import Language
import MathOps
import NetOps
import Nodes
import Tensors
import TestSupport
import Testing

/// One graph per kind of mistake, right in form and wrong in meaning, checked against the ops that ship, with
/// everything that is said about it.
@Suite struct BrokenGraphsTests {
  static let broken = Catalogue("broken")

  /// The graphs of `Fixtures/library`, a picture, and weight files that fit and do not fit `tiny.json`.
  static let files: MemoryFiles = {
    var files = MemoryFiles()
    for entry in Catalogue("library").cases {
      files.texts[entry.fileName] = try? String(contentsOf: entry.input, encoding: .utf8)
    }
    files.texts["readme.txt"] = "no graph"
    func weights(_ name: String, channels: Int, without: String? = nil, prefix: String = "") {
      let shapes: [String: [Dim]] = [
        "conv1.weight": [Dim(channels), 3, 3, 3], "conv1.bias": [Dim(channels)],
        "conv2.weight": [16, Dim(channels), 3, 3], "conv2.bias": [16],
      ]
      files.weights[name] = Dictionary(
        uniqueKeysWithValues: shapes.filter { $0.key != without }.map {
          (prefix + $0, TensorType(dtype: .f32, shape: $1))
        })
    }
    weights("tiny.safetensors", channels: 8)
    weights("wide.safetensors", channels: 12)
    weights("part.safetensors", channels: 8, without: "conv2.bias")
    weights("other.safetensors", channels: 8, prefix: "features.")
    return files
  }()

  static func check(_ entry: Catalogue.Case) throws -> [Fault] {
    var files = files
    files.texts[entry.fileName] = String(decoding: try entry.bytes, as: UTF8.self)
    return Checker.check(
      entry.fileName, registry: .linked, library: GraphLibrary(access: files), probe: files
    ).faults
  }

  @Test(arguments: broken.cases) func brokenGraphsAreDiagnosed(_ entry: Catalogue.Case) throws {
    let faults = try Self.check(entry)
    #expect(!faults.isEmpty)
    let text = Diagnostics.text(faults)
    #expect(try text == Catalogue.expected(of: entry, actual: text))
  }

  @Test func theCatalogueIsThere() { #expect(Self.broken.cases.count >= 60) }
}
