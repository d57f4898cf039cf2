import Foundation
import Language
import TestSupport
import Testing

@testable import Gallery

@Suite struct SQLiteGallerySearchTests {
  /// People with a few noisy samples each, so that near ties and clusters occur.
  private func crowd(_ people: Int, samples: Int, _ dimension: Int = 16, noise: Float = 0.2) -> [(
    person: String, embedding: [Float]
  )] {
    var random = TestRandom(seed: 77)
    return units(people, dimension, seed: 5).enumerated().flatMap { index, centre in
      (0..<samples).map { _ in
        let shift = random.floats(dimension)
        return (person: "p\(index)", embedding: zip(centre, shift).map { $0 + noise * $1 })
      }
    }
  }

  private func check(
    _ gallery: SQLiteGallery, _ samples: [(person: String, embedding: [Float])], _ queries: [[Float]], top: Int,
    _ encoder: EncoderIdentity = encoder
  ) throws {
    for rule in MatchRule.allCases {
      let found = try gallery.search(queries, by: encoder, top: top, rule: rule)
      for (query, matches) in zip(queries, found) {
        let expected = bruteForce(samples, query, top: top, mean: rule == .mean)
        #expect(matches.map(\.person) == expected.map(\.person), "\(rule)")
        #expect(zip(matches, expected).allSatisfy { abs($0.cosine - $1.cosine) < 1e-6 }, "\(rule)")
      }
    }
  }

  @Test(arguments: [1, 5, 100]) func theBestAreThoseOfPlainArithmetic(top: Int) throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let samples = crowd(60, samples: 4)
    _ = try gallery.enroll(samples.map { sample($0.person, $0.embedding) }, by: encoder)
    try check(gallery, samples, units(9, seed: 8) + [samples[7].embedding], top: top)
  }

  @Test func nearTiesAreDecidedByTheStoredNumbers() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let wide = EncoderIdentity(model: "m", name: "", recipe: "r", dimension: 128)
    // Differences far below what 8 bits can tell.
    let samples =
      crowd(300, samples: 1, 128, noise: 1e-5)
      + crowd(300, samples: 1, 128, noise: 3e-5).map {
        (person: $0.person + "'", embedding: $0.embedding)
      }
    _ = try gallery.enroll(samples.map { sample($0.person, $0.embedding) }, by: wide)
    try check(gallery, samples, units(5, 128, seed: 5), top: 3, wide)
  }

  @Test func whatCameSinceIsFoundWithoutANewMatrix() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let samples = crowd(50, samples: 3)
    _ = try gallery.enroll(samples.prefix(100).map { sample($0.person, $0.embedding) }, by: encoder)
    try check(gallery, Array(samples.prefix(100)), units(3, seed: 1), top: 4)
    let matrix = scratch.path + "-matrix"
    let before = try Data(contentsOf: URL(fileURLWithPath: matrix))
    _ = try gallery.enroll(samples.dropFirst(100).map { sample($0.person, $0.embedding) }, by: encoder)
    try check(gallery, samples, units(3, seed: 1), top: 4)
    #expect(try Data(contentsOf: URL(fileURLWithPath: matrix)) == before)
    let mode = try FileManager.default.attributesOfItem(atPath: matrix)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func anotherProcessesMatrixIsUsedAndADamagedOneIsMadeAgain() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let samples = crowd(40, samples: 2)
    _ = try scratch.gallery().enroll(samples.map { sample($0.person, $0.embedding) }, by: encoder)
    try check(try scratch.gallery(), samples, units(2, seed: 3), top: 3)
    let matrix = URL(fileURLWithPath: scratch.path + "-matrix")
    var bytes = try Data(contentsOf: matrix)
    bytes[400] ^= 1
    try bytes.write(to: matrix)
    MatrixCache.shared.drop(matrix.path)
    try check(try scratch.gallery(), samples, units(2, seed: 3), top: 3)
  }

  @Test func comparingIsWithOnePerson() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let samples = crowd(5, samples: 3)
    _ = try gallery.enroll(samples.map { sample($0.person, $0.embedding) }, by: encoder)
    let query = units(1, seed: 6)[0]
    for rule in MatchRule.allCases {
      let match = try gallery.compare(query, with: "p2", by: encoder, rule: rule)
      let expected = bruteForce(samples.filter { $0.person == "p2" }, query, top: 1, mean: rule == .mean)[0]
      #expect(abs(match.cosine - expected.cosine) < 1e-6)
      #expect(abs(match.distance - (2 - 2 * match.cosine).squareRoot()) < 1e-12)
    }
    #expect(
      message { _ = try gallery.compare(query, with: "px", by: encoder, rule: .best) }
        == "nobody in the gallery \(scratch.path) is called \"px\" (did you mean \"p0\"?); it holds 5 people")
  }

  @Test func anEmptyGalleryMatchesNobody() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    #expect(try gallery.search(units(2, seed: 1), by: encoder, top: 5, rule: .best) == [[], []])
    #expect(try gallery.search([], by: encoder, top: 5, rule: .mean) == [])
  }
}
