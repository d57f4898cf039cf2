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
