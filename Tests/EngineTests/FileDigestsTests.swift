@testable import Engine

import Foundation
import Language
import Tensors
import TestSupport
import Testing

@Suite struct FileDigestsTests {
  @Test func contentCountsAndWhatWasLearntIsKept() throws {
    let folder = Assets.temporaryFolder()
    defer { Assets.remove(folder) }
    let file = folder.appendingPathComponent("a")
    try Data("one".utf8).write(to: file)
    // Old enough to be trusted by its time stamp.
    try FileManager.default.setAttributes([.modificationDate: Date() - 60], ofItemAtPath: file.path)
    let notes = folder.appendingPathComponent("notes").path
    let digests = FileDigests(path: notes)
    let first = try digests.digest(file.path)
    digests.save()
    #expect(try String(contentsOfFile: notes, encoding: .utf8).contains(first.description))
    #expect(try FileDigests(path: notes).digest(file.path) == first)
    try Data("two".utf8).write(to: file)
    #expect(try FileDigests(path: notes).digest(file.path) != first)
    // Damaged notes are none.
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: notes))
    try Data("one".utf8).write(to: file)
    #expect(try FileDigests(path: notes).digest(file.path) == first)
    #expect(throws: Fault.self) { try digests.digest(folder.path + "/absent") }
  }

  @Test func aFolderIsItsNamesAndContents() throws {
    let folder = Assets.temporaryFolder()
    defer { Assets.remove(folder) }
    let digests = FileDigests(path: nil)
    try Data("one".utf8).write(to: folder.appendingPathComponent("a"))
    let before = try digests.digest(folder.path)
    try Data("two".utf8).write(to: folder.appendingPathComponent("b"))
    let after = try digests.digest(folder.path)
    #expect(before != after)
    try FileManager.default.removeItem(at: folder.appendingPathComponent("b"))
    #expect(try digests.digest(folder.path) == before)
  }
}
