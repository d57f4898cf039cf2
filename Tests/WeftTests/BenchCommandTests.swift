import Foundation
import TestSupport
import Testing

/// `weft bench`.
@Suite struct BenchCommandTests {
  /// A convolution of a picture, its results held between 0 and 6.
  static let graph = """
    {
      "format": 1,
      "inputs": { "photo": { "type": "file" } },
      "nodes": {
        "load": { "op": "image.load", "in": { "file": "@photo" } },
        "x": { "op": "image.to_tensor", "in": { "image": "load" } },
        "sum": { "op": "nn.conv2d", "in": { "x": "x" }, "with": { "channels": 16, "kernel": 3 } },
        "held": { "op": "math.clip", "in": { "x": "sum" }, "with": { "min": 0, "max": 6 } }
      },
      "outputs": { "y": { "from": "held", "save": "y.npy" } }
    }
    """

  @Test func onlyWhatAnOutputNeedsIsTimed() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(Self.graph, "g.json")
    try program.photo("a.png", grey: 3)
    let outcome = try program.run(["bench", "g.json", "photo=a.png", "--runs", "1", "--json", "--only", "x"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let nodes = try #require(outcome.items.first?["nodes"] as? [[String: Any]])
    #expect(nodes.map { $0["op"] as? String } == ["image.to_tensor"])
  }

  @Test func nodesAreTimedOneAfterTheOther() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(Self.graph, "g.json")
    try program.photo("a.png", grey: 3)
    let outcome = try program.run(["bench", "g.json", "photo=a.png", "--runs", "2", "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.items.count == 3)
    for run in outcome.items {
      let nodes = try #require(run["nodes"] as? [[String: Any]])
      // The convolution does the clip's work before it stores its sums.
      #expect(
        nodes.map { $0["op"] as? String }.filter { $0 != "compiler.convert" } == ["image.to_tensor", "nn.conv2d"])
      var time = 0.0
      for node in nodes {
        let (start, end) = (try #require(node["start"] as? Double), try #require(node["end"] as? Double))
        let seconds = try #require(node["seconds"] as? Double)
        #expect(start >= time && abs(end - start - seconds) < 1e-6)
        time = end
      }
      #expect(time <= run["seconds"] as? Double ?? 0)
    }
  }

  @Test func partsAreTimedAsWholesAndSeveralRunsInATurn() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(Self.graph, "g.json")
    try program.photo("a.png", grey: 3)
    let outcome = try program.run(
      ["bench", "g.json", "photo=a.png", "--json", "--parts", "--paced", "--runs", "100"], input: "1\n3\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.items.count == 4)
    for run in outcome.items {
      let nodes = try #require(run["nodes"] as? [[String: Any]])
      // The weights that the file does not give are made before.
      #expect(
        nodes.map { $0["op"] as? String }.filter { $0 != "weights.initialize" } == ["image.load", "region"])
    }
    let wrong = try program.run(["bench", "g.json", "photo=a.png", "--parts"])
    #expect(wrong.status == 2 && wrong.errors.contains("--parts needs --json"), "\(wrong.errors)")
  }

  @Test func peopleGetATable() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(Self.graph, "g.json")
    try program.photo("a.png", grey: 3)
    let outcome = try program.run(["bench", "g.json", "photo=a.png", "--runs", "1"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("machine: "))
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ").first.map(String.init) }
    #expect(lines.contains("node") && lines.contains("sum") && !lines.contains("held"))
    let wrong = try program.run(["bench", "g.json", "photo=a.png", "--runs", "0"])
    #expect(wrong.status == 2 && wrong.errors.contains("--runs takes a number from 1"), "\(wrong.errors)")
  }
}
