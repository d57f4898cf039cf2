import Engine
import Foundation
import Graph
import Language
import Tensors
import TestSupport
import Testing

@Suite struct StoreTests {
  static let folder = Assets.temporaryFolder

  /// file → read → shift, as an output.
  static func graph(by: Double = 1) -> FlatGraph {
    GraphBuilder.build {
      let file = $0.input("photo", .file)
      let byte = $0.node("byte", "toy.read", [[file]])
      $0.output("y", $0.node("more", "toy.shift", [[byte]], ["by": .float(by)]))
    }
  }

  static func run(_ folder: URL, _ path: String, by: Double = 1, _ recorder: Recorder = Recorder()) -> RunResult {
    EngineTests.engine(2, ResultStore(folder: folder.path)).runAndWait(
      graph(by: by), inputs: ["photo": .file(path)], options: RunOptions(graphName: "g"), observer: recorder)
  }

  @Test func anotherProcessFindsWhatWasStored() throws {
    let folder = Self.folder()
    defer { Assets.remove(folder) }
    let photo = folder.appendingPathComponent("a.txt")
    let copy = folder.appendingPathComponent("b.txt")
    try Data("A".utf8).write(to: photo)
    try Data("A".utf8).write(to: copy)
    let cache = folder.appendingPathComponent("cache")
    #expect(Self.run(cache, photo.path).ran == 2)
    #expect(Self.run(cache, photo.path).ran == 0)
    // A file counts by its content.
    #expect(Self.run(cache, copy.path).ran == 0)
    try Data("B".utf8).write(to: photo)
    let changed = Self.run(cache, photo.path)
    #expect(changed.ran == 2)
    #expect(changed.outputs["y"]?.numbers == [67])
  }

  @Test func damagedEntriesAreMissesAndGo() throws {
    let folder = Self.folder()
    defer { Assets.remove(folder) }
    let photo = folder.appendingPathComponent("a.txt")
    try Data("A".utf8).write(to: photo)
    let cache = folder.appendingPathComponent("cache")
    _ = Self.run(cache, photo.path)
    let files = FileManager.default.enumerator(at: cache, includingPropertiesForKeys: nil)!.compactMap { $0 as? URL }
      .filter { $0.path.contains("/blobs/") || $0.path.contains("/keys/") }.filter { !$0.hasDirectoryPath }
    #expect(files.count >= 3)
    for file in files {
      let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      for damage in 0..<3 {
        let whole = try Data(contentsOf: file)
        var bad = whole
        switch damage {
        case 0: bad[bad.count / 2] ^= 1
        case 1: bad = bad.prefix(bad.count / 2)
        default: bad = Data()
        }
        try bad.write(to: file)
        let result = Self.run(cache, photo.path)
        #expect(result.fault == nil)
        #expect(result.outputs["y"]?.numbers == [66])
        #expect(try Data(contentsOf: file) == whole || file.path.contains("/keys/"))
      }
    }
    #expect(ResultStore(folder: cache.path).verify().damaged == 0)
    try Data("nonsense".utf8).write(to: files[0])
    #expect(ResultStore(folder: cache.path).verify().damaged == 1)
  }

  @Test func pruneKeepsWhatSavesMostAndForgetRemovesAPhoto() throws {
    let folder = Self.folder()
    defer { Assets.remove(folder) }
    let photo = folder.appendingPathComponent("a.txt")
    try Data("A".utf8).write(to: photo)
    let cache = folder.appendingPathComponent("cache")
    _ = Self.run(cache, photo.path)
    let store = ResultStore(folder: cache.path)
    let stats = store.stats()
    #expect(stats.records == 2)
    #expect(store.prune(limit: stats.bytes) == 0)
    #expect(store.forget(try store.digest(ofFile: photo.path)) >= 3)
    #expect(store.stats().records == 0)
    #expect(store.stats().results == 0)
    _ = Self.run(cache, photo.path)
    #expect(store.prune(limit: 0) > 0)
    #expect(store.stats().bytes == 0)
    _ = Self.run(cache, photo.path)
    store.clear()
    #expect(store.stats().bytes == 0)
  }

  @Test func planAndWhySpeakInWords() throws {
    let folder = Self.folder()
    defer { Assets.remove(folder) }
    let photo = folder.appendingPathComponent("wave.jpg")
    try Data("A".utf8).write(to: photo)
    let cache = folder.appendingPathComponent("cache")
    let options = RunOptions(graphName: "g")
    let inputs: [String: Value] = ["photo": .file(photo.path)]
    func engine() -> Engine { EngineTests.engine(2, ResultStore(folder: cache.path)) }
    let fresh = try engine().plan(Self.graph(), inputs: inputs, options: options)
    #expect(fresh.toRun == 2)
    #expect(fresh.entries.map(\.reason) == ["never ran", "it depends on byte, which runs"])
    _ = Self.run(cache, photo.path)
    let same = try engine().plan(Self.graph(), inputs: inputs, options: options)
    #expect(same.toRun == 0)
    #expect(same.cached == 2)
    #expect(
      try engine().why(Self.graph(by: 2), node: "more", inputs: inputs, options: options)
        == "more would run: param by changed from 1.0 to 2.0")
    #expect(
      try engine().why(Self.graph(), node: "more", inputs: inputs, options: options)
        == "more is cached; it last ran because: never ran")
    try Data("B".utf8).write(to: photo)
    #expect(
      try engine().why(Self.graph(), node: "byte", inputs: inputs, options: options)
        == "byte would run: input file changed (content of wave.jpg)")
    _ = Self.run(cache, photo.path)
    #expect(
      try engine().why(Self.graph(), node: "more", inputs: inputs, options: options)
        == "more is cached; it last ran because: input x changed (result of byte)")
    _ = ResultStore(folder: cache.path).prune(limit: 0)
    #expect(
      try engine().why(Self.graph(), node: "byte", inputs: inputs, options: options)
        == "byte would run: its entry is not in the cache (evicted, not kept, or interrupted)")
    #expect(throws: Fault.self) { try engine().why(Self.graph(), node: "mor", inputs: inputs, options: options) }
  }
}
