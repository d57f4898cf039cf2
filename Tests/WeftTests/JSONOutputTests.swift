import Foundation
import TestSupport
import Testing

/// `--json`: what other programs read.
@Suite struct JSONOutputTests {
  @Test func smallValuesAreInlinedAndOthersNamed() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.photo("a.png", grey: 51)
    try program.photo("big.png", grey: 51, width: 80, height: 60)
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": "file", "title": "string" },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "x": { "op": "image.to_tensor", "in": { "image": "load" } },
          "mean": { "op": "math.mean", "in": { "x": "x" } }
        },
        "outputs": {
          "mean": { "from": "mean", "save": "mean.npy" }, "x": "x", "photo": { "from": "load", "save": "p.png" },
          "title": "@title"
        }
      }
      """, "g.json")
    let small = try program.run(["run", "g.json", "photo=a.png", "title=\"Sea\"", "--json"])
    try #require(small.status == 0, "\(small.errors)")
    #expect(small.output.split(separator: "\n").count == 1)
    let item = try #require(small.items.first)
    #expect(Set(item.keys) == ["item", "outputs", "seconds", "ran", "cached"])
    #expect(item["ran"] as? Int == 3 && item["cached"] as? Int == 0 && item["seconds"] is Double)
    let outputs = try #require(item["outputs"] as? [String: Any])
    #expect(abs(try #require(outputs["mean"] as? Double) - 0.2) < 1e-6)
    #expect(outputs["title"] as? String == "\"Sea\"")
    #expect((outputs["x"] as? [[[[Double]]]])?[0].count == 3)
    #expect(outputs["photo"] as? [String: String] == ["path": "out/p.png", "type": "image<rgb8>[6,8]"])
    for file in ["mean.npy", "x.npy", "p.png", "title.json"] { #expect(program.exists("out/\(file)"), "\(file)") }

    let large = try program.run(["run", "g.json", "photo=big.png", "title=x", "--json"])
    let tensor = try #require((large.items.first?["outputs"] as? [String: Any])?["x"] as? [String: String])
    #expect(tensor["path"] == "out/x.npy")
    #expect(tensor["type"]?.hasPrefix("tensor<f32>[1,3,60,80]") == true, "\(tensor)")
  }

  @Test func typesAreThoseOfTheItemEvenWhereSizesDiffer() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.photo("in/a.png", grey: 51, width: 40, height: 20)
    try program.photo("in/b.png", grey: 51, width: 20, height: 40)
    #expect(try program.run(["init", "thumbnail"]).status == 0)
    let outcome = try program.run(["run", "thumbnail.json", "photo=in", "size=16", "--json"])
    let types = outcome.items.compactMap { (($0["outputs"] as? [String: Any])?["image"] as? [String: String])?["type"] }
    #expect(Set(types) == ["image<rgb8>[8,16]", "image<rgb8>[16,8]"], "\(outcome.errors)")
  }

  @Test func nothingElseIsOnStandardOutput() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.photo("a.png", grey: 51)
    #expect(try program.run(["init", "thumbnail"]).status == 0)
    let plain = try program.run(["run", "thumbnail.json", "photo=a.png", "size=16"])
    #expect(plain.status == 0 && plain.output == "")
    #expect(plain.errors.contains("image: out/a-16.png\n"), "\(plain.errors)")
    let failed = try program.run(["run", "thumbnail.json", "photo=thumbnail.json", "--json"])
    #expect(failed.status == 1)
    #expect(failed.items.count == 1 && failed.items[0]["error"] is String)
  }

  @Test func `lines longer than a pipe stay whole while items end side by side`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    for index in 0..<12 { try program.photo("in/\(index).png", grey: UInt8(50 + index), width: 36, height: 36) }
    let names = (0..<6).map { "x\($0)" }
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": "file" },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "x": { "op": "image.to_tensor", "in": { "image": "load" } }
        },
        "outputs": { \(names.map { "\"\($0)\": \"x\"" }.joined(separator: ", ")) }
      }
      """, "g.json")
    let status = try TrainingReportTests.shell(
      program, "'\(WeftProgram.path)' run g.json photo=in --json --jobs 4 --cache off | cat > lines.txt")
    #expect(status == 0)
    let lines = String(decoding: try program.data("lines.txt"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 12 && lines.allSatisfy { $0.utf8.count > 1 << 16 })
    for line in lines {
      let item = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect((item?["outputs"] as? [String: Any])?.count == 6)
    }
  }
}
