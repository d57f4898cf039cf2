import Foundation
import TestSupport
import Testing

/// Several files given to one input.
@Suite struct ItemTests {
  private static let graph = """
    {
      "format": 1,
      "params": { "gain": { "type": "number", "default": 1 } },
      "inputs": { "photo": "file", "other": { "type": "file", "optional": true } },
      "nodes": {
        "load": { "op": "image.load", "in": { "file": "@photo" } },
        "x": { "op": "image.to_tensor", "in": { "image": "load" } },
        "bright": { "op": "math.scale", "in": { "x": "x" }, "with": { "by": { "$": "gain" } } },
        "mean": { "op": "math.mean", "in": { "x": "bright" } }
      },
      "outputs": { "mean": "mean", "copy": { "from": "load", "save": "{photo.stem}.png" } }
    }
    """

  private func program(photos: [String] = ["b", "a", "c"]) throws -> WeftProgram {
    let program = try WeftProgram()
    try program.write(ItemTests.graph, "g.json")
    for (index, name) in photos.enumerated() { try program.photo("in/\(name).png", grey: UInt8(20 + 20 * index % 220)) }
    return program
  }

  @Test func aFolderAGlobAndAListAreSortedItems() throws {
    let program = try program(photos: ["b", "a", "B", "c"])
    defer { program.remove() }
    try program.write("in/c.png\nin/a.png\n", "list.txt")
    for (text, names) in [
      ("in", ["in/B.png", "in/a.png", "in/b.png", "in/c.png"]), ("in/[ab].png", ["in/a.png", "in/b.png"]),
      ("@list.txt", ["in/c.png", "in/a.png"]),
    ] {
      let outcome = try program.run(["run", "g.json", "photo=\(text)", "--json", "--jobs", "1"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.items.map { $0["item"] as? String } == names, "\(text)")
    }
    #expect(program.exists("out/B.png") && program.exists("out/c.png"))
  }

  @Test func aBrokenItemIsIsolated() throws {
    let program = try program()
    defer { program.remove() }
    try program.write("no picture", "in/bad.png")
    let outcome = try program.run(["run", "g.json", "photo=in", "--json"])
    #expect(outcome.status == 3)
    #expect(outcome.items.count == 4)
    for item in outcome.items {
      #expect((item["error"] != nil) == (item["item"] as? String == "in/bad.png"))
    }
    for name in ["a", "b", "c"] { #expect(program.exists("out/\(name).png")) }
    #expect(!program.exists("out/bad.png"))
    let error = try #require(outcome.items.compactMap { $0["error"] as? String }.first)
    #expect(error.hasPrefix("g.json:6:") && error.contains("node load") && error.contains("in/bad.png"), "\(error)")
  }

  @Test func aPlanCountsAllItems() throws {
    let program = try program()
    defer { program.remove() }
    #expect(try program.run(["run", "g.json", "photo=in/a.png"]).status == 0)
    let plan = try program.run(["plan", "g.json", "photo=in"])
    #expect(plan.output.contains("load    2 of 3 items: "), "\(plan.output)")
    #expect(plan.output.contains("3 items of 4 nodes: "), "\(plan.output)")
    let counts = try program.run(["plan", "g.json", "photo=in", "--json"]).items
    #expect(counts.map { $0["item"] as? String } == ["in/a.png", "in/b.png", "in/c.png"])
    #expect(counts.map { $0["to_run"] as? Int } == [0, 4, 4])
  }

  /// The sizes of a folder's pictures are known from their headers, so that `--mem` refuses before anything runs.
  @Test func memoryIsThatOfTheLargestItem() throws {
    let program = try program()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "nodes": { "big": { "op": "image.procedural", "with": { "kind": "noise", "width": 1200, "height": 1000 } } },
        "outputs": { "big": "big" }
      }
      """, "big.json")
    let made = try program.run(["run", "big.json", "--out", "in"])
    try #require(made.status == 0, "\(made.errors)")
    let refused = try program.run(["run", "g.json", "photo=in", "--mem", "8M"])
    #expect(refused.status == 2 && refused.errors.contains("but --mem allows"), "\(refused.errors)")
    #expect(!program.exists("out/a.png"))
    let plan = try program.run(["plan", "g.json", "photo=in"])
    #expect(plan.output.contains(" of in/big.png"), "\(plan.output)")
  }

  @Test func aSecondRunDoesOnlyWhatIsMissing() throws {
    let program = try program()
    defer { program.remove() }
    _ = try program.run(["run", "g.json", "photo=in"])
    try program.photo("in/d.png", grey: 7)
    let outcome = try program.run(["run", "g.json", "photo=in", "--json"])
    for item in outcome.items {
      let ran = try #require(item["ran"] as? Int)
      #expect((ran > 0) == (item["item"] as? String == "in/d.png"), "\(item)")
    }
  }

  @Test func oneFileOfAFolderIsAnItemToo() throws {
    let program = try program(photos: ["a"])
    defer { program.remove() }
    #expect(try program.run(["run", "g.json", "photo=in", "--json"]).items.first?["item"] as? String == "in/a.png")
    let single = try program.run(["run", "g.json", "photo=in/a.png", "--json"])
    #expect(single.items.first?["item"] is NSNull)
  }

  @Test func twoItemsThatWouldWriteOneFileAreRefused() throws {
    let program = try program()
    defer { program.remove() }
    try program.photo("more/a.png", grey: 9)
    try program.write("in/a.png\nmore/a.png\n", "list.txt")
    for shard in [[], ["--shard", "1/2"]] {
      let outcome = try program.run(["run", "g.json", "photo=@list.txt"] + shard)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("out/a/mean.npy would be written twice"), "\(outcome.errors)")
      #expect(!program.exists("out"))
    }
  }

  @Test func inputsThatVaryTogetherNeedEqualCounts() throws {
    let program = try program()
    defer { program.remove() }
    let outcome = try program.run(["run", "g.json", "photo=in", "other=in/[ab].png"])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors
        == "error[usage]: inputs that vary together need equally many files: photo has 3, other has 2\n")
  }

  @Test func everyInputThatVariesNamesTheItem() throws {
    let program = try program(photos: ["a", "b"])
    defer { program.remove() }
    for name in ["c", "d"] { try program.photo("more/\(name).png", grey: 9) }
    let outcome = try program.run(["run", "g.json", "photo=in", "other=more", "--json", "--jobs", "1"])
    #expect(outcome.items.map { $0["item"] as? String } == ["in/a.png + more/c.png", "in/b.png + more/d.png"])
    #expect(
      outcome.items.map { $0["inputs"] as? [String: String] }
        == [
          ["photo": "in/a.png", "other": "more/c.png"], ["photo": "in/b.png", "other": "more/d.png"],
        ], "\(outcome.errors)")
  }

  @Test func anEmptyListAndAFolderWithoutFilesAreRefused() throws {
    let program = try program()
    defer { program.remove() }
    try program.write("\n", "list.txt")
    let outcome = try program.run(["run", "g.json", "photo=@list.txt"])
    #expect(outcome.status == 2)
    #expect(outcome.errors == "error[missing-file]: photo: \"@list.txt\" names no files\n")
  }

  @Test func shardsShareTheItems() throws {
    let names = (0..<9).map { "p\($0)" }
    let program = try program(photos: names)
    defer { program.remove() }
    var seen: [String] = []
    for shard in 1...3 {
      let outcome = try program.run([
        "run", "g.json", "photo=in", "--json", "--shard", "\(shard)/3", "--out", "s\(shard)",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.items.count < names.count)
      seen += outcome.items.compactMap { $0["item"] as? String }
    }
    #expect(seen.sorted() == names.map { "in/\($0).png" })
  }

  @Test func aSweepHasAFolderPerVariant() throws {
    let program = try program()
    defer { program.remove() }
    let outcome = try program.run([
      "run", "g.json", "photo=in/a.png", "--sweep", "gain=1,2", "--json", "--jobs", "1",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.items.map { $0["item"] as? String } == ["gain=1", "gain=2"])
    let means = outcome.items.compactMap { ($0["outputs"] as? [String: Any])?["mean"] as? Double }
    #expect(means.count == 2 && abs(means[1] - 2 * means[0]) < 1e-6)
    #expect(program.exists("out/gain=1/a.png") && program.exists("out/gain=2/a.png"))
    let wrong = try program.run(["run", "g.json", "photo=in/a.png", "--sweep", "gian=1,2"])
    #expect(wrong.status == 2 && wrong.errors.contains("\"gian\" (did you mean \"gain\"?)"), "\(wrong.errors)")
  }
}
