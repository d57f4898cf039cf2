import Foundation
import Gallery
import Language
import TestSupport
import Testing

@testable import Nodes

@Suite struct GalleryTransferTests {
  private let encoder = EncoderIdentity(model: "abc", name: "net.onnx", recipe: "aligned, 112", dimension: 3)

  private func filled(_ path: String) throws -> any FaceStore {
    let store = try GalleryStore.open(path, create: true)
    _ = try store.enroll(
      [
        NewSample(person: "Zoë \"Z\" Lee", embedding: [1, 2, 2], source: "a,b.jpg", photo: "12", time: 1.5),
        NewSample(person: "Bob", embedding: [0, -1, 1e-3], source: "", time: 2),
      ], by: encoder)
    return store
  }

  private func all(_ store: any FaceStore) throws -> [Sample] {
    var samples: [Sample] = []
    try store.forEachSample(of: nil) { samples.append($0) }
    return samples
  }

  @Test(arguments: ["csv", "npz"]) func whatIsExportedIsImported(_ format: String) throws {
    let scratch = try Scratch()
    let store = try filled(scratch.path + "/one")
    let file = scratch.path + "/faces." + format
    #expect(try GalleryTransfer.export(store, to: file) == 2)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let (samples, made) = try GalleryTransfer.read(file)
    #expect(made == encoder)
    let copy = try GalleryStore.open(scratch.path + "/two", create: true)
    #expect(try copy.enroll(samples, by: made) == Enrolment(added: 2, known: 0))
    let (old, new) = (try all(store), try all(copy))
    #expect(old.map(\.person) == new.map(\.person) && old.map(\.source) == new.map(\.source))
    #expect(old.map(\.time) == new.map(\.time) && old.map(\.photo) == new.map(\.photo))
    for (a, b) in zip(old, new) {
      #expect(zip(a.embedding, b.embedding).allSatisfy { abs($0 - $1) <= 1e-7 })
    }
  }

  @Test func filesOfOtherProgramsNeedAModel() throws {
    let scratch = try Scratch()
    let file = try scratch.file("x.csv", "person,e0,e1\nann,1,0\nbob,0,2\n")
    #expect(
      message { _ = try GalleryTransfer.read(file) }
        == "\(file) does not say what made its embeddings: name it with --model (and --recipe)")
    let (samples, made) = try GalleryTransfer.read(file, model: "m", recipe: "r")
    #expect(samples.map(\.person) == ["ann", "bob"] && samples[1].embedding == [0, 2])
    #expect(made == EncoderIdentity(model: "m", name: "", recipe: "r", dimension: 2))
  }

  @Test func whatIsWrongIsNamed() throws {
    let scratch = try Scratch()
    func fault(_ text: String) throws -> String {
      let file = try scratch.file("x.csv", text)
      return message { _ = try GalleryTransfer.read(file, model: "m") }.replacingOccurrences(of: file, with: "x")
    }
    #expect(try fault("") == "x: its first line must name the columns person, e0, e1, …")
    #expect(try fault("person,e0,e2\na,1,2\n") == "x: it has no columns e0, e1, … without gaps")
    #expect(try fault("person,e0\na,one\n") == "x: row 1, column \"e0\": \"one\" is no number")
    #expect(try fault("person,e0\na,1,2\n") == "x: row 1 has 3 cells, the header has 2")
    #expect(try fault("person,e0\n") == "x: it holds 0 names and 0 embeddings")
    #expect(
      try fault("person,model,e0\na,m,1\nb,n,1\n") == "row 2: its model is \"n\", that of the rows before is \"m\"")
    #expect(
      message { _ = try GalleryTransfer.read("x.txt") } == "x.txt: galleries are exported and imported as .csv or .npz")
  }
}
