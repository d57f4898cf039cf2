import Foundation
import Testing

@testable import Gallery

@Suite struct GalleryFileTests {
  @Test func anEmptyFileIsAGalleryToBe() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    #expect(try !GalleryFile.exists(scratch.path))
    try GalleryFile.create(scratch.path)
    #expect(try GalleryFile.exists(scratch.path))
    try GalleryFile.create(scratch.path)
    #expect(try SQLiteGallery(scratch.path, create: true).state().samples == 0)
  }

  @Test func aDatabaseOfAnotherProgramIsRefused() throws {
    let scratch = Scratch()
    defer { scratch.remove() }
    _ = try scratch.gallery()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    bytes[68] = 1
    try bytes.write(to: URL(fileURLWithPath: scratch.path))
    #expect(
      message { _ = try SQLiteGallery(scratch.path) }
        == "\(scratch.path) is not a gallery: it is a database of another program")
  }

  @Test func aFolderThatCannotBeWrittenIsNamed() {
    #expect(
      message { _ = try SQLiteGallery("/nowhere/at/all", create: true) }
        == "cannot open the gallery /nowhere/at/all: No such file or directory")
  }
}
