import Foundation
import Gallery
import TestSupport
import Testing

/// Galleries as graphs and commands use them, with the pixels of tiny pictures in place of embeddings.
@Suite struct GalleryCommandTests {
  private static let encode = """
    "encode": {
      "inputs": { "photo": "file" },
      "nodes": {
        "load": { "op": "image.load", "in": { "file": "@photo" } },
        "small": { "op": "image.resize", "in": { "image": "load" }, "with": { "width": 4, "height": 4 } },
        "x": { "op": "image.to_tensor", "in": { "image": "small" } },
        "code": { "op": "tensor.flatten", "in": { "x": "x" } }
      },
      "outputs": { "code": "code" }
    }
    """

  private static let enroll = """
    {
      "format": 1,
      "inputs": { "photo": "file", "gallery": "gallery", "name": { "type": "string", "optional": true } },
      "nodes": {
        "code": { "op": "graph:encode", "in": { "photo": "@photo" } },
        "stem": { "op": "file.stem", "in": { "file": "@photo" } },
        "keep": {
          "op": "gallery.enroll", "in": { "faces": ["code"], "name": "stem", "gallery": "@gallery", "photo": "@photo", "model": [] },
          "with": { "recipe": "pixels" }
        }
      },
      "outputs": { "added": "keep.added", "message": "keep.message" },
      "graphs": { \(encode) }
    }
    """

  private static let identify = """
    {
      "format": 1,
      "inputs": { "photo": "file", "gallery": "gallery" },
      "nodes": {
        "code": { "op": "graph:encode", "in": { "photo": "@photo" } },
        "who": {
          "op": "gallery.identify", "in": { "faces": ["code"], "gallery": "@gallery", "model": [] },
          "with": { "recipe": "pixels", "threshold": 0.001, "top": 2 }
        }
      },
      "outputs": { "matches": "who.matches" },
      "graphs": { \(encode) }
    }
    """

  /// Pictures of noise, `photos/p0000.png` and so on.
  private func photos(_ count: Int, _ program: WeftProgram) throws {
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "like": { "op": "image.procedural", "with": { "kind": "mountains", "width": 4, "height": 4 } },
          "one": { "op": "image.to_tensor", "in": { "image": "like" } },
          "noise": { "op": "tensor.noise", "in": { "like": "one" } },
          "image": { "op": "image.from_tensor", "in": { "x": "noise" } }
        },
        "outputs": { "image": { "from": "image", "save": "base.png" } }
      }
      """, "noise.json")
    let run = try program.run(["run", "noise.json", "--out", "photos"])
    try #require(run.status == 0, "\(run.errors)")
    let base = try program.data("photos/base.png")
    try FileManager.default.removeItem(at: program.folder.appendingPathComponent("photos/base.png"))
    // The same picture many times is enough: everybody has a name of their own.
    for index in 0..<count {
      let name = "photos/p" + String(repeating: "0", count: 5 - String(index).count) + "\(index).png"
      try base.write(to: program.folder.appendingPathComponent(name))
    }
  }

  private func outputs(_ run: WeftProgram.Outcome) throws -> [String: Any] {
    try #require(run.items.first?["outputs"] as? [String: Any])
  }

  @Test func enrollingIsAlwaysRunAndChangesWhatReadersSee() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try photos(2, program)
    try program.write(GalleryCommandTests.enroll, "enroll.json")
    try program.write(GalleryCommandTests.identify, "identify.json")
    func enroll(_ photo: String) throws -> [String: Any] {
      let run = try program.run(["run", "enroll.json", "photo=photos/\(photo).png", "gallery=people", "--json"])
      try #require(run.status == 0, "\(run.errors)")
      return try outputs(run)
    }
    func identify() throws -> (names: [String], ran: Int) {
      let run = try program.run(["run", "identify.json", "photo=photos/p00000.png", "gallery=people", "--json"])
      try #require(run.status == 0, "\(run.errors)")
      let match = try #require((try outputs(run)["matches"] as? [[String: Any]])?.first)
      let names = try #require(match["candidates"] as? [[String: Any]]).compactMap { $0["name"] as? String }
      return (names, try #require(run.items.first?["ran"] as? Int))
    }
    #expect(try enroll("p00000")["added"] as? Int == 1)
    #expect(try enroll("p00000")["message"] as? String == "p00000 is enrolled with this photo already")
    #expect(try identify().names == ["p00000"])
    // Nothing has changed: the answer is in the cache.
    #expect(try identify().ran == 0)
    #expect(try enroll("p00001")["added"] as? Int == 1)
    #expect(try identify().names == ["p00000", "p00001"])
    // What was enrolled before and removed is enrolled again, though nothing before it runs.
    #expect(try program.run(["gallery", "remove", "people", "p00001"]).errors == "removed p00001 with 1 face\n")
    #expect(try identify().names == ["p00000"])
    #expect(try enroll("p00001")["added"] as? Int == 1)
    #expect(try identify().names == ["p00000", "p00001"])
  }

  @Test func commandsListExportAndImport() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try photos(3, program)
    try program.write(GalleryCommandTests.enroll, "enroll.json")
    try #require(try program.run(["run", "enroll.json", "photo=photos", "gallery=people"]).status == 0)
    let list = try program.run(["gallery", "list", "people"])
    #expect(list.output == "p00000\t1\np00001\t1\np00002\t1\n")
    #expect(list.errors.hasPrefix("3 people, 3 faces; 48 numbers by "), "\(list.errors)")
    let json = try program.run(["gallery", "list", "people", "--json"]).items[0]
    #expect(json["faces"] as? Int == 3 && json["recipe"] as? String == "pixels")
    for format in ["csv", "npz"] {
      #expect(
        try program.run(["gallery", "export", "people", "faces.\(format)"]).errors
          == "wrote 3 faces to faces.\(format)\n")
      #expect(
        try program.run(["gallery", "import", "copy-\(format)", "faces.\(format)"]).errors
          == "enrolled 3 faces, 0 were there already\n")
      #expect(try program.run(["gallery", "list", "copy-\(format)"]).output == list.output)
    }
    let gone = try program.run(["gallery", "list", "nowhere"])
    #expect(gone.status == 2)
    #expect(gone.errors == "error[missing-file]: there is no gallery nowhere; face/enroll.json makes one\n")
  }

  @Test func effectsEndTheirPath() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      GalleryCommandTests.enroll.replacingOccurrences(
        of: "\"outputs\": { \"added\"",
        with: "\"outputs\": { \"twice\": \"twice\", \"added\""
      ).replacingOccurrences(
        of: "\"keep\": {",
        with: "\"twice\": { \"op\": \"core.record\", \"in\": { \"values\": [\"keep.added\"] }, "
          + "\"with\": { \"names\": [\"n\"] } }, \"keep\": {"), "g.json")
    let read = try program.run(["check", "g.json"])
    #expect(read.status == 2)
    #expect(
      read.errors.contains(
        "error[effect]: twice reads keep, which changes a store: its results may only be outputs of the graph"),
      "\(read.errors)")
    try program.write(
      """
      {
        "format": 1, "inputs": { "photos": "list<file>", "gallery": "gallery" },
        "nodes": { "all": { "op": "enroll.json", "each": { "photo": "@photos" }, "in": { "gallery": "@gallery" } } },
        "outputs": { "added": "all.added" }
      }
      """, "h.json")
    try program.write(GalleryCommandTests.enroll, "enroll.json")
    let mapped = try program.run(["check", "h.json"])
    #expect(mapped.status == 2)
    #expect(
      mapped.errors.contains(
        "error[effect]: gallery.enroll \"keep\" changes a store: it cannot stand in a loop, a branch or a map over a "
          + "list of unknown length, which may be answered from the cache"), "\(mapped.errors)")
  }

  /// A process that is killed while it enrolls loses what was in flight and nothing else.
  @Test(.timeLimit(.minutes(30))) func aKilledEnrolmentLosesOnlyThePhotosInFlight() throws {
    let count = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 120 : 10_000
    let program = try WeftProgram()
    defer { program.remove() }
    try photos(count, program)
    try program.write(GalleryCommandTests.enroll, "enroll.json")
    let command = ["run", "enroll.json", "photo=photos", "gallery=people", "--json", "--jobs", "2", "--cache", "off"]
    var random = TestRandom(seed: 6)
    for _ in 0..<4 {
      let log = program.folder.appendingPathComponent("log")
      _ = FileManager.default.createFile(atPath: log.path, contents: nil)
      let process = try program.start(command, output: log)
      Thread.sleep(forTimeInterval: 0.05 + Double(random.next() % 300) / 1000 * Double(count) / 120)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let reported = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
        .count { $0.contains("\"added\":1") }
      guard FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("people").path) else {
        continue
      }
      let gallery = try SQLiteGallery(program.folder.appendingPathComponent("people").path)
      let state = try gallery.state()
      #expect(state.people == state.samples && state.samples >= reported)
      var whole = 0
      try gallery.forEachSample(of: nil) { _ in whole += 1 }
      #expect(whole == state.samples)
    }
    let rest = try program.run(command)
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try SQLiteGallery(program.folder.appendingPathComponent("people").path).state().samples == count)
  }

  @Test func severalProcessesEnrollSideBySide() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try photos(40, program)
    try program.write(GalleryCommandTests.enroll, "enroll.json")
    let processes = try (0..<3).map { _ in
      try program.start(["run", "enroll.json", "photo=photos", "gallery=people", "--cache", "off"])
    }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let state = try SQLiteGallery(program.folder.appendingPathComponent("people").path).state()
    #expect(state.samples == 40 && state.changes == 40)
  }
}
