import Foundation
import Gallery
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct GalleryOpsTests {
  private let scratch: Scratch
  private let gallery: Value
  private var path: String { scratch.path + "/people" }

  init() throws {
    scratch = try Scratch()
    gallery = .store(GalleryStore.reference(scratch.path + "/people"))
  }

  private func face(_ numbers: [Float], score: Double = 1) -> Value {
    .record(
      Record([("score", .number(score)), ("embedding", .tensor(Tensor(shape: [1, numbers.count], numbers)))]))
  }

  private func enroll(_ name: String, _ faces: [Value], _ settings: [String: Literal] = [:]) throws -> [Value] {
    try run(
      GalleryEnroll.op,
      ["faces": .list(faces), "name": .string(name), "gallery": gallery, "model": .string("net")], settings)
  }

  @Test func enrollingChangesTheGalleryOnce() throws {
    let before = try #require(state(gallery))
    #expect(try enroll("ann", [face([1, 0, 0])]).map { JSONText.of($0) } == ["1", "0", "\"enrolled ann\""])
    let after = try #require(state(gallery))
    #expect(before != after)
    #expect(
      try enroll("ann", [face([1, 0, 0])]).map { JSONText.of($0) }
        == ["0", "1", "\"ann is enrolled with this photo already\""])
    #expect(state(gallery) == after)
  }

  private func state(_ value: Value) -> Digest? {
    if case .store(let store) = value { store.state() } else { nil }
  }

  @Test func onePhotoIsOnePerson() throws {
    #expect(message { _ = try enroll("ann", []) } == "the photo shows no face to enroll")
    #expect(
      message { _ = try enroll("ann", [face([1, 0]), face([0, 1])]) }
        == "the photo shows 2 faces, but all would get one name; choose one (face=largest) or say several=enroll")
    #expect(
      JSONText.of(try enroll("ann", [face([1, 0]), face([0, 1])], ["several": "enroll"])[2])
        == "\"enrolled ann 2 times\"")
  }

  @Test func verifyingSpeaksAsTheDoorDoes() throws {
    _ = try enroll("ann", [face([1, 0, 0])])
    func verify(_ face: Value, _ settings: [String: Literal] = [:], name: String = "ann") throws -> [Value] {
      try run(
        GalleryVerify.op,
        ["faces": .list([face]), "name": .string(name), "gallery": gallery, "model": .string("net")], settings)
    }
    let same = try verify(face([2, 0, 0]))
    #expect(JSONText.of(same[2]) == "true" && same[3].text == "It's ann, welcome home!")
    let (distance, cosine) = (try #require(same[0].scalar), try #require(same[1].scalar))
    #expect(abs(distance) < 1e-6 && abs(cosine - 1) < 1e-6)
    let other = try verify(face([0, 3, 0]))
    #expect(JSONText.of(other[2]) == "false" && other[3].text == "It's not ann, please go away")
    #expect(abs(try #require(other[0].scalar) - 2.0.squareRoot()) < 1e-6)
    #expect(JSONText.of(try verify(face([0, 3, 0]), ["threshold": 1.5])[2]) == "true")
    // What a calibration wrote counts where nothing is given.
    _ = try run(GalleryThreshold.op, ["threshold": .number(1.6), "gallery": gallery])
    #expect(JSONText.of(try verify(face([0, 3, 0]))[2]) == "true")
    #expect(
      message { _ = try verify(face([1, 0, 0]), name: "anne") }
        == "nobody in the gallery \(path) is called \"anne\" (did you mean \"ann\"?); it holds 1 person")
    #expect(message { _ = try verify(face([1, 0, 0]), ["recipe": "other"]) }.contains("with the recipe"))
  }

  @Test func identifyingKeepsWhatTheFaceHad() throws {
    _ = try enroll("ann", [face([1, 0, 0])])
    _ = try enroll("bob", [face([0, 1, 0])])
    let matches = try #require(
      try run(
        GalleryIdentify.op,
        [
          "faces": .list([face([1, 0.1, 0], score: 0.5), face([0, 0, 1])]), "gallery": gallery, "model": .string("net"),
        ],
        ["threshold": 0.7, "top": 2])[0].list)
    guard case .record(let first) = matches[0], case .record(let second) = matches[1] else {
      Issue.record("matches are no records")
      return
    }
    #expect(first["name"]?.text == "ann" && first["score"]?.scalar == 0.5 && first["embedding"] == nil)
    #expect(first["message"]?.text?.hasPrefix("it's ann, the distance is 0.09") == true)
    #expect(first["candidates"]?.list?.count == 2)
    #expect(second["name"]?.isNone == true && second["message"]?.text == "Not in the database.")
    #expect(
      try run(GalleryIdentify.op, ["faces": .list([]), "gallery": gallery, "model": .string("net")])[0].list?.isEmpty
        == true)
  }

  @Test func galleriesAreInputsAndFacesHaveEmbeddings() throws {
    #expect(
      message {
        _ = try run(
          GalleryIdentify.op, ["faces": .list([face([1])]), "gallery": .string("x"), "model": .string("net")])
      } == "port \"gallery\" needs a gallery, but a string arrived")
    #expect(
      message { _ = try enroll("ann", [.record(Record([("box", .int(1))]))]) }
        == "port \"faces\" needs a face with an embedding, but a record arrived")
    #expect(
      message {
        _ = try run(
          GalleryIdentify.op,
          ["faces": .list([face([1, 0])]), "gallery": .store(GalleryStore.reference("/none")), "model": .string("n")])
      } == "there is no gallery /none; face/enroll.json makes one")
  }

  @Test func aThresholdWithoutAGalleryIsOnlySaid() throws {
    #expect(
      try run(GalleryThreshold.op, ["threshold": .number(0.5)])[0].text
        == "threshold 0.5; no gallery was given to keep it")
    #expect(GalleryEnroll.op.isEffect && GalleryThreshold.op.isEffect && !GalleryVerify.op.isEffect)
  }

  @Test func facesSayByWhatRecipeTheyCame() throws {
    func made(_ numbers: [Float], _ recipe: String) -> Value {
      .record(
        Record([
          ("embedding", .tensor(Tensor(shape: [numbers.count], numbers))), ("recipe", .string(recipe)),
        ]))
    }
    _ = try enroll("ann", [made([1, 0], "arcface 112")])
    let text = message { _ = try enroll("bob", [made([0, 1], "box 160")]) }
    #expect(
      text
        == "the gallery \(path) holds embeddings with the recipe \"arcface 112\", not \"box 160\"; they cannot be compared: "
        + "use another gallery, or enroll everyone again")
    #expect(
      message { _ = try enroll("eve", [made([0, 1], "a"), made([1, 0], "b")], ["several": "enroll"]) }
        == "faces brought to the encoder by \"a\" and by \"b\" cannot be compared")
    let matches = try run(
      GalleryIdentify.op,
      ["faces": .list([made([1, 0], "arcface 112")]), "gallery": gallery, "model": .string("net")])[0].list
    guard case .record(let match)? = matches?.first else {
      Issue.record("no match")
      return
    }
    #expect(match["name"]?.text == "ann" && match["recipe"] == nil)
  }

  @Test func theModelIsKnownByItsContent() throws {
    let (a, b) = (try scratch.file("a.onnx", "same"), try scratch.file("b.onnx", "same"))
    let c = try scratch.file("c.onnx", "other")
    func identity(_ files: [String]) throws -> EncoderIdentity {
      try HostCall(
        op: GalleryEnroll.op, attributes: GalleryEnroll.op.attributes([:]).0,
        inputs: [[], [], [], [], files.map { .file($0) }]
      ).encoder(of: [EncodedFace(face([1, 0]), "faces")])
    }
    #expect(try identity([a]).model == identity([b]).model)
    #expect(try identity([a]).model != identity([c]).model)
    #expect(try identity([a, c]).name == "a.onnx + c.onnx")
  }
}
