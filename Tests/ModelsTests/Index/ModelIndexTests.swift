import Foundation
import Language
import Testing

@testable import Models

@Suite struct ModelIndexTests {
  private func fault(_ fields: String, kind: String = "encoder", name: String = "m") -> String {
    do {
      _ = try ModelIndex.parse(
        "{\"format\":1,\"models\":{\"\(name)\":{\"kind\":\"\(kind)\",\"licence\":\"MIT\"\(fields)}}}", "i.json")
      return "no fault"
    } catch { return error.message }
  }

  @Test func theShippedIndexIsSoundAndHonest() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Graphs").path
    let index = try ModelIndex(searchPaths: [folder], home: "/nowhere")
    for name in ["yunet", "sface"] {
      let entry = try index.entry(name)
      #expect(entry.isCommercialUseAllowed && entry.sha256 != nil && entry.bytes != nil)
    }
    #expect(try index.entry("buffalo_l").isPack)
    #expect(try !index.entry("buffalo_l").isCommercialUseAllowed)
    for entry in index.entries {
      #expect(entry.url?.hasPrefix("https://") ?? true, "\(entry.name)")
      #expect(!entry.licence.isEmpty && !entry.recipe.isEmpty && !entry.doc.isEmpty, "\(entry.name)")
      // What has to be converted says how.
      #expect((entry.use == nil) == (entry.convert == nil), "\(entry.name)")
      if let graph = entry.graph { #expect(ModelFolder.size("\(folder)/\(graph)") != nil, "\(entry.name)") }
    }
    #expect(index.model("nn4-small2")?.path == folder + "/networks/nn4-small2.json")
    #expect(index.model("sface")?.path == nil)
    #expect(index.model("sface")?.outputs.map(\.name) == ["fc1"])
    #expect(index.model("buffalo_l/det_10g.onnx")?.pull == "weft models pull buffalo_l")
    #expect(index.model("sface/x") == nil && index.model("unknown") == nil)
  }

  @Test func whatIsWrongIsNamed() {
    let url = ",\"url\":\"https://h/f.onnx\""
    #expect(fault(url) == "no fault")
    #expect(fault("") == "i.json: model \"m\": \"url\" is missing, and it names no graph")
    #expect(fault(url, kind: "net").hasPrefix("i.json: model \"m\": \"kind\" cannot be \"net\"; it is one of detector"))
    #expect(fault(url + ",\"bytes\":0") == "i.json: model \"m\": \"bytes\" must be a positive integer, not 0")
    #expect(fault(url + ",\"size\":1") == "i.json: model \"m\": \"size\" is unknown")
    #expect(fault(url + ",\"file\":\"../x\"") == "i.json: model \"m\": \"file\" cannot be \"../x\"")
    #expect(
      fault(url, name: "a/b") == "i.json: model \"a/b\": \"name\" may hold letters, digits and . _ - only")
    #expect(
      fault(url + ",\"outputs\":{\"y\":\"tensor<\"}") == "i.json: model \"m\": \"outputs\" \"y\" has no type")
    #expect(fault(",\"url\":1") == "i.json: model \"m\": \"url\" must be a string, not an integer")
  }

  @Test func theFirstFolderCounts() throws {
    try withFolder { folder in
      for (name, licence) in [("a", "own"), ("b", "shipped")] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        try
          "{\"format\":1,\"models\":{\"m\":{\"kind\":\"encoder\",\"licence\":\"\(licence)\",\"url\":\"https://h/f\"}}}"
          .write(toFile: "\(folder)/\(name)/models.json", atomically: true, encoding: .utf8)
      }
      let index = try ModelIndex(searchPaths: ["\(folder)/a", "\(folder)/b"], home: folder)
      #expect(index.entries.map(\.licence) == ["own"])
    }
  }
}
