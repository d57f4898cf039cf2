import Foundation
import Language
import TestSupport
import Testing

@testable import Gallery

@Suite struct SQLiteGalleryPeopleTests {
  @Test func enrollingIsIdempotent() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let faces = units(3, seed: 1)
    let samples = [sample("ann", faces[0]), sample("bob", faces[1]), sample("ann", faces[2])]
    #expect(try gallery.enroll(samples, by: encoder) == Enrolment(added: 3, known: 0))
    #expect(try gallery.enroll(samples, by: encoder) == Enrolment(added: 0, known: 3))
    // One face may be two people's: twins, or a mistake that a person has to find.
    #expect(try gallery.enroll([sample("bob", faces[0])], by: encoder) == Enrolment(added: 1, known: 0))
    #expect(
      try gallery.people() == [
        PersonSummary(name: "ann", samples: 2, first: 5, last: 5),
        PersonSummary(name: "bob", samples: 2, first: 5, last: 5),
      ])
  }

  @Test func samplesComeBackWithLengthOne() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let face = units(1, seed: 4)[0]
    _ = try gallery.enroll([sample("ann", face.map { $0 * 18.5 }, source: "photos/ann.jpg")], by: encoder)
    var found: [Sample] = []
    try gallery.forEachSample(of: nil) { found.append($0) }
    #expect(found.count == 1)
    #expect(found[0].person == "ann" && found[0].source == "photos/ann.jpg" && found[0].photo == "0123")
    #expect(found[0].time == 5)
    #expect(zip(found[0].embedding, face).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func aTransactionIsWholeOrNothing() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    #expect(
      message {
        _ = try gallery.enroll(
          [sample("ann", units(1, seed: 1)[0]), sample("bob", Array(repeating: 0, count: 16))], by: encoder)
      } == "the embedding of \"bob\" has no direction")
    #expect(try gallery.state().samples == 0)
  }

  @Test func whatCannotBeEnrolledIsRefused() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let face = units(1, seed: 1)[0]
    #expect(
      message { _ = try gallery.enroll([sample("ann", [1, 2])], by: encoder) }
        == "the embedding of \"ann\" has 2 numbers, not 16")
    #expect(
      message { _ = try gallery.enroll([sample("ann", face.map { _ in Float.nan })], by: encoder) }
        == "the embedding of \"ann\" has no direction")
    for name in ["", "a\nb", String(repeating: "x", count: 257)] {
      #expect(
        message { _ = try gallery.enroll([sample(name, face)], by: encoder) }
          == "\"\(name.prefix(40))\" cannot be the name of a person: 1 to 256 bytes without control characters")
    }
    #expect(try gallery.enroll([sample("Zoë Müller", face)], by: encoder).added == 1)
  }

  @Test func embeddingsOfOtherModelsAndRecipesAreNamedAndRefused() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let face = units(1, seed: 1)[0]
    _ = try gallery.enroll([sample("ann", face)], by: encoder)
    let model = EncoderIdentity(model: "bbbbbbbbbbbb", name: "sface", recipe: "aligned 112", dimension: 16)
    let text = "the gallery \(scratch.path) holds embeddings "
    let rest = "; they cannot be compared: use another gallery, or enroll everyone again"
    #expect(
      message { _ = try gallery.enroll([sample("bob", face)], by: model) }
        == text + "of the model \"net\" (aaaaaaaa), not \"sface\" (bbbbbbbb)" + rest)
    let recipe = EncoderIdentity(model: "aaaaaaaaaaaa", name: "net", recipe: "plain resize", dimension: 16)
    #expect(
      message { _ = try gallery.search([face], by: recipe, top: 1, rule: .best) }
        == text + "with the recipe \"aligned 112\", not \"plain resize\"" + rest)
    let size = EncoderIdentity(model: "aaaaaaaaaaaa", name: "net", recipe: "aligned 112", dimension: 2)
    #expect(
      message { _ = try gallery.compare([1, 0], with: "ann", by: size, rule: .best) }
        == text + "of 16 numbers, not 2" + rest)
    #expect(try gallery.state().samples == 1)
  }

  @Test func removingForgetsThePersonAndWhatWasDerived() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let faces = units(3, seed: 2)
    _ = try gallery.enroll(
      [sample("ann", faces[0]), sample("ann", faces[1]), sample("bob", faces[2])], by: encoder)
    _ = try gallery.search([faces[0]], by: encoder, top: 2, rule: .best)
    _ = try gallery.search([faces[0]], by: encoder, top: 2, rule: .mean)
    let derived = [scratch.path + "-matrix", scratch.path + "-means"]
    #expect(derived.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    #expect(try gallery.remove("ann") == 2)
    #expect(derived.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
    #expect(try gallery.search([faces[0]], by: encoder, top: 2, rule: .best)[0].map(\.person) == ["bob"])
    // Deleted numbers are overwritten in the file.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    #expect(bytes.range(of: faces[0].withUnsafeBytes { Data($0) }) == nil)
    #expect(bytes.range(of: faces[2].withUnsafeBytes { Data($0) }) != nil)
    #expect(
      message { _ = try gallery.remove("bop") }
        == "nobody in the gallery \(scratch.path) is called \"bop\" (did you mean \"bob\"?); it holds 1 person")
    #expect(try gallery.remove("bob") == 1)
    #expect(try gallery.encoder() == nil)
  }
}
