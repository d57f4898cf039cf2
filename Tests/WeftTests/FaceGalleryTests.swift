import Foundation
import TestSupport
import Testing

/// Enrolling, verifying and identifying with real models: the people of the Happy House by MobileFaceNet, whose distances
/// `face/happy_house/mobilefacenet_distances.csv` gives.
@Suite(.enabled(if: Assets.present, Comment(rawValue: Assets.absent))) struct FaceGalleryTests {
  private static let models = [
    "detector=\(Assets.path("face/scrfd/scrfd_500m_bnkps.onnx"))",
    "encoder=\(Assets.path("face/mobilefacenet/mobilefacenet.onnx"))", "pad=48", "score=0.3",
  ]

  private static func photo(_ name: String) -> String { "photo=" + Assets.path("face/happy_house/images/\(name)") }

  private func run(
    _ program: WeftProgram, _ graph: String, _ arguments: [String]
  ) throws -> [String: Any] {
    let outcome = try program.run(
      ["run", "face/\(graph).json", "gallery=people"] + FaceGalleryTests.models + arguments + ["--json"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(outcome.items.first?["outputs"] as? [String: Any])
  }

  @Test func theDoorKnowsWhoIsEnrolled() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    for name in ["younes", "kian", "tian"] {
      let outputs = try run(program, "enroll", [FaceGalleryTests.photo("\(name).jpg"), "name=\(name)"])
      #expect(outputs["message"] as? String == "enrolled \(name)" && outputs["added"] as? Int == 1)
    }
    let door = FaceGalleryTests.photo("camera_0.jpg")
    let welcome = try run(program, "verify", [door, "name=younes"])
    #expect(welcome["match"] as? Bool == true && welcome["message"] as? String == "It's younes, welcome home!")
    let distance = try #require(welcome["distance"] as? Double)
    #expect(abs(distance - 0.6318224668502808) <= 5e-3, "\(distance)")
    let away = try run(program, "verify", [door, "name=kian"])
    #expect(away["match"] as? Bool == false && away["message"] as? String == "It's not kian, please go away")
    #expect(abs(try #require(away["distance"] as? Double) - 1.3155182600021362) <= 5e-3)

    let match = try #require((try run(program, "identify", [door])["matches"] as? [[String: Any]])?.first)
    #expect(match["name"] as? String == "younes")
    #expect((match["message"] as? String)?.hasPrefix("it's younes, the distance is 0.6") == true)
    #expect((match["candidates"] as? [[String: Any]])?.count == 3)
    let strict = try run(program, "identify", [door, "threshold=0.5"])
    #expect((strict["matches"] as? [[String: Any]])?.first?["message"] as? String == "Not in the database.")
  }

  @Test func embeddingsOfAnotherRecipeAreRefused() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    _ = try run(program, "enroll", [FaceGalleryTests.photo("younes.jpg"), "name=younes"])
    let other = try program.run(
      ["run", "face/enroll.json", "gallery=people", FaceGalleryTests.photo("kian.jpg"), "name=kian"]
        + FaceGalleryTests.models + ["encoder_kind=arcface"])
    #expect(other.status == 1)
    #expect(
      other.errors.contains(
        "with the recipe \"arcface 112, (rgb - 127.5) / 128\", not \"arcface 112, (rgb - 127.5) / 127.5\"; they cannot be compared"
      ), "\(other.errors)")
    // "auto" is what it comes to, and points are points, whoever found them.
    _ = try run(
      program, "enroll",
      [FaceGalleryTests.photo("kian.jpg"), "name=kian", "encoder_kind=mobilefacenet"])
    let another = try program.run(
      ["run", "face/enroll.json", "gallery=people", FaceGalleryTests.photo("tian.jpg"), "name=tian"]
        + FaceGalleryTests.models.dropFirst()
        + ["detector=\(Assets.path("face/scrfd/scrfd_2.5g_bnkps.onnx"))"])
    #expect(another.status == 0, "\(another.errors)")
    // Where only the box says where the face is, the detector matters.
    let boxes = try program.run(
      ["run", "face/enroll.json", "gallery=boxes", FaceGalleryTests.photo("kian.jpg"), "name=kian"]
        + FaceGalleryTests.models + ["encoder_kind=facenet"])
    #expect(boxes.status == 0, "\(boxes.errors)")
    let listed = try program.run(["gallery", "list", "boxes", "--json"])
    #expect(
      listed.output.contains("box 112, (rgb - 127.5) / 128, boxes of scrfd_500m_bnkps.onnx ("), "\(listed.output)")
  }
}
