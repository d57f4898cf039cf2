import Foundation
import Language
import TestSupport
import Testing

@testable import Gallery

/// Damaged gallery files give a clear fault or an answer, never a crash or a hang.
@Suite struct GalleryFuzzTests {
  @Test(.timeLimit(.minutes(20))) func mutatedFilesAreAnsweredOrRefused() throws {
    let rounds = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 400 : 10_000
    let scratch = Scratch()
    defer { scratch.remove() }
    let faces = units(120, seed: 1)
    do {
      let gallery = try scratch.gallery()
      _ = try gallery.enroll(faces.enumerated().map { sample("p\($0 % 30)", $1) }, by: encoder)
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    let path = scratch.path + "-mutated"
    var random = TestRandom(seed: 99)
    var answered = 0
    for round in 0..<rounds {
      var bytes = whole
      switch round % 4 {
      case 0:
        // A few bits anywhere.
        for _ in 0...(random.next() % 8) { bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << (random.next() % 8) }
      case 1:
        // Bits in the headers of pages, where the structure is.
        let page = Int(random.next() % UInt64(bytes.count / 4096)) * 4096
        for _ in 0...3 { bytes[page + Int(random.next() % 128)] = UInt8(truncatingIfNeeded: random.next()) }
      case 2: bytes = bytes.prefix(Int(random.next() % UInt64(bytes.count)))
      default:
        // A page copied over another one.
        let (from, to) = (random.next() % UInt64(bytes.count / 4096), random.next() % UInt64(bytes.count / 4096))
        bytes.replaceSubrange(
          Int(to) * 4096..<Int(to) * 4096 + 4096, with: whole[Int(from) * 4096..<Int(from) * 4096 + 4096])
      }
      try? FileManager.default.removeItem(atPath: path)
      for rule in MatchRule.allCases { MatrixFile.remove(MatrixFile.path(path, rule)) }
      MatrixCache.shared.drop(MatrixFile.path(path, .best))
      try bytes.write(to: URL(fileURLWithPath: path))
      do {
        let gallery = try SQLiteGallery(path)
        _ = try gallery.people()
        var count = 0
        try gallery.forEachSample(of: nil) { _ in count += 1 }
        for match in try gallery.search([faces[0]], by: encoder, top: 5, rule: .best)[0] {
          #expect(abs(match.cosine) <= 1.001)
        }
        _ = try gallery.enroll([sample("new", faces[1])], by: encoder)
        answered += 1
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
    #expect(answered > 0 && answered < rounds)
  }
}
