import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// `weft models` against a server on this machine.
@Suite struct ModelsCommandTests {
  private let program: WeftProgram
  private let server: LoopbackServer
  private let bytes: [UInt8]

  init() throws {
    program = try WeftProgram()
    server = try LoopbackServer()
    var random = TestRandom(seed: 4)
    bytes = (0..<300_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  private func end() {
    server.stop()
    program.remove()
  }

  private static func sha256(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  /// Writes an index with one model `net`.
  private func index(_ fields: String, kind: String = "encoder") throws {
    try program.write(
      """
      { "format": 1, "models": { "net": { "kind": "\(kind)", "licence": "MIT", "commercial": true, \(fields) } } }
      """, "index/models.json")
  }

  private func pinned(_ name: String = "net.onnx", _ sha256: String? = nil) -> String {
    "\"url\": \"\(server.url(name))\", \"sha256\": \"\(sha256 ?? ModelsCommandTests.sha256(bytes))\""
  }

  private func weft(_ arguments: String...) throws -> WeftProgram.Outcome {
    try program.run(
      ["models"] + arguments, environment: ["WEFT_PATH": program.folder.appendingPathComponent("index").path])
  }

  private var file: URL { program.folder.appendingPathComponent("home/models/net/net.onnx") }
  private var part: URL { program.folder.appendingPathComponent("home/models/net/net.onnx.part") }

  @Test func aModelIsPulledOnceAndFound() throws {
    defer { end() }
    server.serve(.init(bytes), as: "net.onnx")
    try index(pinned())
    let before = try weft("path", "net")
    #expect(before.status == 2)
    #expect(before.errors == "error[missing-file]: the model \"net\" is not here: weft models pull net\n")
    let pulled = try weft("pull", "net")
    #expect(pulled.status == 0, "\(pulled.errors)")
    #expect(pulled.errors == "net: \(file.path)\n  licence: MIT\n")
    #expect(try Data(contentsOf: file) == Data(bytes))
    #expect(try weft("path", "net").output == "\(file.path)\n")
    #expect(try weft("pull", "net").errors == "net is here: \(file.path)\n")
    #expect(server.requests.count == 1)
    #expect(try weft("list").output.contains("here        MIT\n"))
  }

  @Test func anInterruptedDownloadGoesOn() throws {
    defer { end() }
    var resource = LoopbackServer.Resource(bytes)
    resource.cutAfter = 100_000
    server.serve(resource, as: "net.onnx")
    try index(pinned())
    let cut = try weft("pull", "net")
    #expect(cut.status == 1)
    #expect(
      cut.errors
        == "error[download]: \(server.url("net.onnx")): the connection ended after 100000 of 300000 bytes; the same "
        + "command goes on from there\n")
    #expect(try Data(contentsOf: part).count == 100_000)
    resource.cutAfter = nil
    server.serve(resource, as: "net.onnx")
    let rest = try weft("pull", "net")
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(server.requests.map(\.range) == [nil, "bytes=100000-"])
    #expect(try Data(contentsOf: file) == Data(bytes))
    #expect(!FileManager.default.fileExists(atPath: part.path))
  }

  @Test func aFileThatChangedMeanwhileIsSentFromTheStart() throws {
    defer { end() }
    var old = LoopbackServer.Resource(bytes.map { ~$0 })
    old.cutAfter = 100_000
    server.serve(old, as: "net.onnx")
    try index(pinned())
    #expect(try weft("pull", "net").status == 1)
    var new = LoopbackServer.Resource(bytes)
    new.tag = "\"2\""
    server.serve(new, as: "net.onnx")
    let pulled = try weft("pull", "net")
    #expect(pulled.status == 0, "\(pulled.errors)")
    #expect(try Data(contentsOf: file) == Data(bytes))
  }

  @Test func aServerWithoutRangesSendsEverything() throws {
    defer { end() }
    var resource = LoopbackServer.Resource(bytes)
    resource.cutAfter = 50_000
    server.serve(resource, as: "net.onnx")
    try index(pinned())
    #expect(try weft("pull", "net").status == 1)
    resource.cutAfter = nil
    resource.ignoresRanges = true
    server.serve(resource, as: "net.onnx")
    #expect(try weft("pull", "net").status == 0)
    #expect(try Data(contentsOf: file) == Data(bytes))
  }

  @Test func whatIsThereAndTooLongStartsAnew() throws {
    defer { end() }
    server.serve(.init(bytes), as: "net.onnx")
    try index(pinned())
    try FileManager.default.createDirectory(at: part.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes + [1, 2, 3]).write(to: part)
    let pulled = try weft("pull", "net")
    #expect(pulled.status == 0, "\(pulled.errors)")
    #expect(try Data(contentsOf: file) == Data(bytes))
  }

  @Test func aWrongHashIsRefusedAndRemoved() throws {
    defer { end() }
    server.serve(.init(bytes), as: "net.onnx")
    let wrong = String(repeating: "0", count: 64)
    try index(pinned("net.onnx", wrong))
    let outcome = try weft("pull", "net")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "error[download]: the download of \"net\" is not what the index says: its SHA-256 is "
        + "\(ModelsCommandTests.sha256(bytes)), not \(wrong); it was removed\n")
    #expect(!FileManager.default.fileExists(atPath: file.path) && !FileManager.default.fileExists(atPath: part.path))
    try index("\"url\": \"\(server.url("net.onnx"))\", \"sha256_prefix\": \"00000000\"")
    #expect(try weft("pull", "net").errors.contains("not 00000000…; it was removed"))
    try index(pinned() + ", \"bytes\": 5")
    #expect(try weft("pull", "net").errors.contains("it has 300000 bytes, not 5; it was removed"))
  }

  @Test func redirectsAreFollowed() throws {
    defer { end() }
    server.serve(.init(bytes), as: "elsewhere")
    var redirect = LoopbackServer.Resource([])
    redirect.location = server.url("elsewhere")
    server.serve(redirect, as: "net.onnx")
    try index(pinned())
    #expect(try weft("pull", "net").status == 0)
    #expect(try Data(contentsOf: file) == Data(bytes))
  }

  @Test func whatIsNotThereIsSaid() throws {
    defer { end() }
    try index(pinned("gone.onnx"))
    let gone = try weft("pull", "net")
    #expect(gone.status == 1)
    #expect(
      gone.errors
        == "error[download]: \(server.url("gone.onnx")): the server answered 404 (there is no such file)\n")
    try index("\"url\": \"http://127.0.0.1:1/x\"")
    #expect(try weft("pull", "net").errors.hasPrefix("error[download]: http://127.0.0.1:1/x: "))
    #expect(try weft("pull", "nett").errors.contains("has no \"nett\" (did you mean \"net\"?)"))
  }

  @Test func aFullDiskIsNamed() throws {
    defer { end() }
    server.serve(.init(bytes), as: "net.onnx")
    try index(pinned())
    try FileManager.default.createDirectory(at: part.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: part.path, withDestinationPath: "/dev/full")
    let outcome = try weft("pull", "net")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "error[download]: cannot write \(part.path): No space left on device; what came so far is kept, the same "
        + "command goes on from there\n")
  }

  @Test func whatNothingVouchesForIsNotFetchedInTheOpen() throws {
    defer { end() }
    server.serve(.init(bytes), as: "net.onnx")
    try index("\"url\": \"http://models.example/x\"")
    #expect(
      try weft("pull", "net").errors
        == "error[download]: the model \"net\" has no SHA-256 in the index: it is only fetched over https, not from "
        + "http://models.example/x\n")
    try index("\"url\": \"\(server.url("net.onnx"))\"")
    #expect(
      try weft("pull", "net").errors
        == "net: \(file.path)\n  the index does not pin it; its SHA-256 is \(ModelsCommandTests.sha256(bytes))\n"
        + "  licence: MIT\n")
  }

  @Test func aPackIsUnpackedAndUsedByName() throws {
    defer { end() }
    let zip = program.folder.appendingPathComponent("pack.zip")
    try NPZ.write(
      [("pack/one", .tensor(Tensor(shape: [2], [1, 2] as [Float]))), ("pack/two", .tensor(.scalar(3)))], to: zip.path)
    server.serve(.init(Array(try Data(contentsOf: zip))), as: "pack.zip")
    try index("\"url\": \"\(server.url("pack.zip"))\"", kind: "pack")
    let missing = try weft("path", "net/one.npy")
    #expect(missing.errors == "error[missing-file]: the model \"net/one.npy\" is not here: weft models pull net\n")
    #expect(try weft("pull", "net").status == 0)
    let folder = program.folder.appendingPathComponent("home/models/net").path
    #expect(try weft("path", "net").output == "\(folder)\n")
    #expect(try weft("path", "net/one.npy").output == "\(folder)/one.npy\n")
    #expect(try NPY.read(folder + "/one.npy").elements(Float.self) == [1, 2])
    #expect(!FileManager.default.fileExists(atPath: folder + "/pack.zip.part"))
  }

  @Test func aMemberThatWouldLieElsewhereIsRefused() throws {
    defer { end() }
    let zip = program.folder.appendingPathComponent("bad.zip")
    try NPZ.write([("a", .tensor(.scalar(1))), ("../../escaped", .tensor(.scalar(3)))], to: zip.path)
    server.serve(.init(Array(try Data(contentsOf: zip))), as: "bad.zip")
    try index("\"url\": \"\(server.url("bad.zip"))\"", kind: "pack")
    #expect(
      try weft("pull", "net").errors.hasSuffix(
        "the member \"../../escaped.npy\" would be written outside of the model's folder\n"))
    #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("home/escaped.npy").path))
    #expect(try weft("path", "net").status == 2)
  }

  @Test func namesStandForPathsInGraphs() throws {
    defer { end() }
    let weights = program.folder.appendingPathComponent("w.safetensors")
    try Safetensors.write([("fc.weight", Tensor(shape: [1, 2], [3, 4] as [Float]))], to: weights.path)
    server.serve(.init(Array(try Data(contentsOf: weights))), as: "net.safetensors")
    try index("\"url\": \"\(server.url("net.safetensors"))\"")
    try program.write(
      """
      {
        "format": 1, "params": { "model": { "type": "model", "default": "net" } },
        "inputs": { "x": { "type": "tensor<f32>[1,2]" } }, "weights": { "file": { "$": "model" } },
        "nodes": { "fc": { "op": "nn.linear", "in": { "x": "@x" }, "with": { "features": 1, "bias": false } } },
        "outputs": { "y": "fc" }
      }
      """, "g.json")
    let environment = ["WEFT_PATH": program.folder.appendingPathComponent("index").path]
    let absent = try program.run(["run", "g.json", "x=[[1,2]]", "--json"], environment: environment)
    #expect(absent.status == 2)
    #expect(
      absent.errors.contains("there is no weight file \"net\" here yet (weft models pull net gets it)"),
      "\(absent.errors)")
    #expect(try weft("pull", "net").status == 0)
    let run = try program.run(["run", "g.json", "x=[[1,2]]", "--json"], environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    #expect((run.items.first?["outputs"] as? [String: Any])?["y"] as? [[Double]] == [[11]])
  }

  @Test func aDamagedIndexIsNamed() throws {
    defer { end() }
    try program.write("{ \"format\": 2 }", "index/models.json")
    let path = program.folder.appendingPathComponent("index/models.json").path
    #expect(
      try weft("list").errors
        == "error[model-index]: \(path): it is no object with \"format\": 1 and \"models\"\n")
    try index("\"url\": \"https://x/y\", \"sha256\": \"12\"")
    #expect(
      try weft("list").errors
        == "error[model-index]: \(path): model \"net\": \"sha256\" is not 64 hexadecimal digits\n")
  }
}
