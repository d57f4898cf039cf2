import Foundation
import TestSupport
import Testing

/// `face/calibrate.json` on 1000 embeddings of LFW that the original OpenFace made.
@Suite struct CalibrateTests {
  @Test(.enabled(if: Assets.present, "\(Assets.absent)")) func openFaceOnLFW() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let folder = Assets.path("face/openface_nn4small2/evaluation")
    let run = try program.run([
      "run", "face/calibrate.json", "embeddings=\(folder)/reps.csv", "labels=\(folder)/labels.csv", "--json", "--out",
      "out", "gallery=people",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let outputs = try #require(run.items.first?["outputs"] as? [String: Any])
    let report = try #require(outputs["report"] as? [String: Any])
    #expect(report["genuine_pairs"] as? Int == 7234 && report["impostor_pairs"] as? Int == 492_266)
    let area = try #require(report["auc"] as? Double)
    #expect(abs(area - 0.979) <= 0.001, "AUC \(area)")
    let rows = try #require(report["at_far"] as? [[String: Any]])
    #expect(rows.count == 4 && rows.allSatisfy { $0["refused"] == nil })
    for row in rows {
      let interval = try #require(row["tar_interval"] as? [Double])
      let tar = try #require(row["tar"] as? Double)
      #expect(interval[0] <= tar && tar <= interval[1])
      #expect(try #require(row["measured_far"] as? Double) <= (row["far"] as? Double ?? 0))
    }
    let threshold = try #require(outputs["threshold"] as? Double)
    #expect(outputs["message"] as? String == "threshold \(Float(threshold)) written into people")
    let listed = try program.run(["gallery", "list", "people"])
    #expect(listed.errors.contains("threshold \(Float(threshold))"), "\(listed.errors)")
  }

  /// Four actors, five photos each: 40 genuine and 150 impostor pairs, which MobileFaceNet tells apart without a mistake
  /// (the assets' MANIFEST: AUC 1.0 over all 780 pairs).
  @Test(.enabled(if: Assets.present, "\(Assets.absent)")) func photosOfPeople() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let people = ["amy", "bernadette", "howard", "leonard"]
    for name in people {
      let place = program.folder.appendingPathComponent("people/\(name)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 1...5 {
        try FileManager.default.createSymbolicLink(
          atPath: place.appendingPathComponent("\(name)\(index).png").path,
          withDestinationPath: Assets.path("face/faceapi_bbt/\(name)/\(name)\(index).png"))
      }
    }
    let models = [
      "detector=\(Assets.path("face/scrfd/scrfd_500m_bnkps.onnx"))",
      "encoder=\(Assets.path("face/mobilefacenet/mobilefacenet.onnx"))", "pad=48", "score=0.3",
    ]
    func calibrate(_ source: String, _ more: [String]) throws -> [String: Any] {
      let run = try program.run(
        ["run", "face/calibrate.json", source, "gallery=people.db", "fars=[0.1]", "--json"] + models + more)
      try #require(run.status == 0, "\(run.errors)")
      return try #require(run.items.first?["outputs"] as? [String: Any])
    }
    let outputs = try calibrate("folder=people", ["far=0.02"])
    let report = try #require(outputs["report"] as? [String: Any])
    #expect(report["genuine_pairs"] as? Int == 40 && report["impostor_pairs"] as? Int == 150)
    #expect(report["auc"] as? Double == 1 && outputs["without_face"] as? Int == 0)
    let threshold = try #require(outputs["threshold"] as? Double)
    let message = try #require(outputs["message"] as? String)
    #expect(message.hasPrefix("threshold ") && message.hasSuffix(" written into people.db"), "\(message)")
    // `--json` rounds to nine digits, the message to a Float's.
    let told = try #require(Double(message.split(separator: " ")[1]))
    #expect(abs(told - threshold) < 2e-7, "\(told) for \(threshold)")

    // The same photos as pairs: each person's first photo with the next ones, and with those of the next person.
    var rows: [String] = []
    for (place, name) in people.enumerated() {
      let other = people[(place + 1) % people.count]
      for index in 1...5 {
        rows.append("people/\(name)/\(name)\(index).png,people/\(name)/\(name)\(index % 5 + 1).png,1")
        rows.append("people/\(name)/\(name)\(index).png,people/\(other)/\(other)\(index).png,0")
      }
    }
    try program.write(rows.joined(separator: "\n"), "pairs.csv")
    let listed = try #require(try calibrate("pairs=pairs.csv", ["far=0.05"])["report"] as? [String: Any])
    #expect(listed["genuine_pairs"] as? Int == 20 && listed["impostor_pairs"] as? Int == 20)
    #expect(listed["auc"] as? Double == 1)

    let nothing = try program.run(["run", "face/calibrate.json"])
    #expect(nothing.status == 1)
    #expect(
      nothing.errors.contains(
        "nothing to calibrate with: give folder=FOLDER, pairs=FILE.csv, or embeddings=FILE and labels=FILE"),
      "\(nothing.errors)")
  }

  @Test func tooFewPairsAreRefused() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write((0..<12).map { "\($0 % 5),1,\($0)\n" }.joined(), "e.csv")
    try program.write((0..<12).map { "p\($0 / 2)\n" }.joined(), "l.csv")
    let run = try program.run(["run", "face/calibrate.json", "embeddings=e.csv", "labels=l.csv", "--json"])
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "6 genuine and 60 impostor pairs are too few to calibrate with: at least 20 of each are needed"),
      "\(run.errors)")
  }
}
