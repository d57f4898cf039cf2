import Foundation
import Language
import TestSupport
import Testing

@testable import Gallery

@Suite struct SQLiteGalleryTests {
  @Test func aNewGalleryIsEmptyPrivateAndHasAName() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let state = try gallery.state()
    #expect(state.changes == 0 && state.people == 0 && state.samples == 0 && state.threshold == nil)
    #expect(state.uuid.count == 36)
    #expect(try gallery.encoder() == nil)
    let mode = try FileManager.default.attributesOfItem(atPath: scratch.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func openingDoesNotMakeOneUnlessAsked() {
    let scratch = Scratch()
    defer { scratch.remove() }
    #expect(
      message { _ = try SQLiteGallery(scratch.path) }
        == "there is no gallery \(scratch.path); face/enroll.json makes one")
    #expect(!FileManager.default.fileExists(atPath: scratch.path))
  }

  @Test func otherFilesAreRefusedUntouched() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    for bytes in [Data("a text that is long enough to be looked at".utf8), Data(repeating: 7, count: 5000)] {
      try bytes.write(to: URL(fileURLWithPath: scratch.path))
      #expect(
        message { _ = try SQLiteGallery(scratch.path, create: true) }
          == "\(scratch.path) is not a gallery: file is not a database")
      #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == bytes)
    }
    #expect(
      message { _ = try SQLiteGallery(scratch.folder.path) }
        == "\(scratch.folder.path) is not a gallery: it is no regular file")
  }

  @Test func aFileReadOnlyForItsUserIsRead() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    do { _ = try scratch.gallery().enroll([sample("a", units(1, seed: 1)[0])], by: encoder) }
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: scratch.path)
    let gallery = try SQLiteGallery(scratch.path)
    #expect(try gallery.people().map(\.name) == ["a"])
    #expect(try gallery.search(units(1, seed: 1), by: encoder, top: 1, rule: .best)[0].map(\.person) == ["a"])
  }

  @Test func theStateChangesWithEveryChangeOnly() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let faces = units(2, seed: 3)
    let empty = try gallery.state()
    _ = try gallery.enroll([sample("a", faces[0])], by: encoder)
    let first = try gallery.state()
    #expect(first.changes == 1 && first.version.revision != empty.version.revision)
    _ = try gallery.enroll([sample("a", faces[0])], by: encoder)
    #expect(try gallery.state() == first)
    try gallery.setThreshold(1.1)
    let second = try gallery.state()
    #expect(second.changes == 2 && second.threshold == 1.1)
    try gallery.setThreshold(1.1)
    #expect(try gallery.state() == second)
  }

  @Test func copiesThatWentDifferentWaysHaveDifferentKeys() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let copy = scratch.path + "-copy"
    _ = try scratch.gallery()
    try FileManager.default.copyItem(atPath: scratch.path, toPath: copy)
    let (here, there) = (try SQLiteGallery(scratch.path), try SQLiteGallery(copy))
    #expect(try here.identity() == there.identity())
    _ = try here.enroll([sample("a", units(1, seed: 1)[0])], by: encoder)
    _ = try there.enroll([sample("b", units(1, seed: 2)[0])], by: encoder)
    #expect(try here.state().changes == there.state().changes)
    #expect(try here.identity() != there.identity())
  }

  @Test func twoOpenersSeeEachOther() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    let (one, two) = (try scratch.gallery(), try scratch.gallery())
    let faces = units(40, seed: 9)
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      _ = try? (index % 2 == 0 ? one : two).enroll([sample("p\(index)", faces[index])], by: encoder)
    }
    #expect(try one.state().samples == 40)
    #expect(try one.state() == two.state())
    #expect(try two.state().changes == 40)
  }
}
