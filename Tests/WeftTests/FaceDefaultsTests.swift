import Foundation
import TestSupport
import Testing

/// Face work with nothing but what ships.
@Suite struct FaceDefaultsTests {
  /// No cache, no models pulled, no assets.
  private static func bare(_ program: WeftProgram) -> [String: String] {
    let home = program.folder.appendingPathComponent("nobody").path
    return ["HOME": home, "XDG_CACHE_HOME": home + "/cache", "WEFT_HOME": home + "/weft", "WEFT_ASSETS": ""]
  }

  @Test func `two photos are compared on a fresh machine, and the models are named with how good they are`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.photo("a.png", grey: 90, width: 64, height: 48)
    try program.photo("b.png", grey: 160, width: 64, height: 48)
    let outcome = try program.run(
      ["run", "face/compare.json", "a=a.png", "b=b.png", "--json"], environment: Self.bare(program))
    try #require(outcome.status == 0, "\(outcome.errors)")
    let outputs = try #require(outcome.items.first?["outputs"] as? [String: Any])
    let models = try #require(outputs["models"] as? String)
    for part in [
      "face-detector-mini", "face-encoder-mini", " % of ", "weft models pull yunet", "weft models pull sface",
    ] {
      #expect(models.contains(part), "\(models)")
    }
    #expect((outputs["message"] as? String)?.contains("face-encoder-mini") == true, "\(outputs)")
    let told = try program.run(["run", "face/compare.json", "a=a.png", "b=b.png"], environment: Self.bare(program))
    #expect(told.errors.contains("models: \(models)  (out/a-b/models.json)\n"), "\(told.errors)")
    // Plain pictures have no face: they are compared as they are, and say so.
    #expect((outputs["face_a"] as? [String: Any])?["whole"] as? Bool == true, "\(outputs)")
    for graph in ["detect", "encode", "analyze"] {
      let run = try program.run(
        ["run", "face/\(graph).json", "photo=a.png", "--json"], environment: Self.bare(program))
      #expect(run.status == 0 && run.items.count == 1, "\(run.errors)")
    }
  }

  @Test func `a model of one's own is named, without figures`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let outcome = try program.run(
      ["run", "face/parts/models.json", "detector=face/mtcnn.json", "encoder=networks/lips.json", "--json"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect((outcome.items.first?["outputs"] as? [String: Any])?["text"] as? String == "mtcnn; lips")
  }

  @Test(.enabled(if: Assets.present, Comment(rawValue: Assets.absent)))
  func `the faces of a photo are found where SCRFD finds them`() throws {
    let found = try FaceGraphsTests.run(["face/detect.json", "photo=\(Assets.path("face/photos/t1.jpg"))"])
    let boxes = FaceGraphsTests.faces(found[0]).map { FaceGraphsTests.numbers($0["box"]) }
    let rows = try FaceGraphsTests.csv("face/detections.csv").filter {
      $0["image"] == "photos/t1.jpg" && $0["detector"] == "scrfd_2.5g_bnkps"
    }
    let hits = rows.count { row in
      let truth = ["x1", "y1", "x2", "y2"].map { Double(row[$0]!)! }
      return boxes.contains { box in
        let wide = min(box[2], truth[2]) - max(box[0], truth[0])
        let high = min(box[3], truth[3]) - max(box[1], truth[1])
        let common = max(0, wide) * max(0, high)
        let areas = [box, truth].map { ($0[2] - $0[0]) * ($0[3] - $0[1]) }
        return common / (areas[0] + areas[1] - common) >= 0.5
      }
    }
    #expect(rows.count == 6 && hits >= 5 && boxes.count <= 7, "\(hits) of \(rows.count), \(boxes.count) boxes")
    let points = FaceGraphsTests.faces(found[0]).map { ($0["points"] as? [[Double]])?.count }
    #expect(points.allSatisfy { $0 == 5 })
  }

  @Test(.enabled(if: Assets.present, Comment(rawValue: Assets.absent)))
  func `a person is enrolled and found again with what ships`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    func photo(_ name: String) -> String { "photo=" + Assets.path("face/openface_examples/\(name).jpg") }
    for (name, file) in [("Lennon", "lennon-1"), ("Adams", "adams")] {
      let enrolled = try program.run(
        ["run", "face/enroll.json", photo(file), "name=\(name)", "gallery=people.db"],
        environment: Self.bare(program))
      try #require(enrolled.status == 0, "\(enrolled.errors)")
    }
    let found = try program.run(
      ["run", "face/identify.json", photo("lennon-2"), "gallery=people.db", "--json"],
      environment: Self.bare(program))
    try #require(found.status == 0, "\(found.errors)")
    let matches = (found.items.first?["outputs"] as? [String: Any])?["matches"] as? [[String: Any]]
    let candidates = matches?.first?["candidates"] as? [[String: Any]]
    #expect(candidates?.first?["name"] as? String == "Lennon", "\(found.output)")
  }
}
