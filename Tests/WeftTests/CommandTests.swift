import Foundation
import TestSupport
import Testing

/// The commands that run nothing, as a newcomer uses them.
@Suite struct CommandTests {
  @Test func versionAndHelpAnswer() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    #expect(try program.run(["--version"]).output == "0.1.0\n")
    let help = try program.run(["run", "style/gatys-relu3.json", "--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("content: file") && help.output.contains("steps: int"))
    #expect(help.output.contains("default 100"))
  }

  @Test func aNewcomersPath() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    #expect(try program.run(["init"]).output.contains("thumbnail"))
    #expect(try program.run(["init", "thumbnail"]).status == 0)
    let again = try program.run(["init", "thumbnail"])
    #expect(again.status == 2)
    #expect(again.errors == "error[usage]: thumbnail.json is there already; name another file\n")
    #expect(try program.run(["check", "thumbnail.json"]).status == 0)
    let dot = try program.run(["dot", "thumbnail.json"])
    #expect(dot.status == 0 && dot.output.hasPrefix("digraph \"thumbnail\" {"))
  }

  @Test func mistakesAreNamedWithTheirPlace() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": "file" },
        "nodes": { "load": { "op": "image.laod", "in": { "file": "@phto" } } },
        "outputs": { "image": "load" }
      }
      """, "wrong.json")
    let outcome = try program.run(["check", "wrong.json"])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors == """
        wrong.json:4:30: error[unknown-op]: there is no op "image.laod" (did you mean "image.load"?)
        wrong.json:4:60: error[unknown-input]: there is no input "phto" (did you mean "photo"?)
        2 errors

        """)
    let data = try program.run(["check", "wrong.json", "--json"])
    #expect(data.output.hasPrefix("[{\"severity\":\"error\",\"code\":\"unknown-op\""))
  }

  @Test func aMissingGraphIsNamed() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let outcome = try program.run(["check", "style/gatys-relu4.json"])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.contains("there is no graph \"style/gatys-relu4.json\" (did you mean \"gatys-relu3.json\"?)"))
  }

  @Test func everyShippedGraphIsFormattedAndSound() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let graphs = try FileManager.default.subpathsOfDirectory(
      atPath: WeftProgram.checkout.appendingPathComponent("Graphs").path
    )
    .filter { $0.hasSuffix(".json") && $0 != "models.json" }.sorted()
    .map { WeftProgram.checkout.appendingPathComponent("Graphs/\($0)").path }
    try #require(graphs.count >= 7)
    let formatted = try program.run(["fmt", "--check"] + graphs)
    #expect(formatted.status == 0, "\(formatted.errors)")
    let checked = try program.run(["check"] + graphs)
    #expect(checked.status == 0, "\(checked.errors)")
  }

  @Test func twoGraphsAreCompared() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(RunOptionTests.graph, "a.json")
    try program.write(
      RunOptionTests.graph.replacingOccurrences(of: "\"lr\": 0.1", with: "\"lr\": 0.2")
        .replacingOccurrences(of: "{ \"$\": \"by\" }", with: "3"), "b.json")
    let same = try program.run(["diff", "a.json", "a.json"])
    #expect(same.status == 0 && same.output == "no difference\n", "\(same.errors)")
    let other = try program.run(["diff", "a.json", "b.json"])
    #expect(other.status == 1)
    #expect(
      other.output == "~ node paint: param lr: 0.1 → 0.2\n~ node paint/scaled: param by: 1.0 → 3.0\n",
      "\(other.output)\(other.errors)")
    #expect(try program.run(["diff", "a.json", "c.json"]).status == 2)
  }

  @Test func aPlanCountsWhatLoopsNeed() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 64, "height": 64, "seed": 1 } },
          "x": { "op": "image.to_tensor", "in": { "image": "photo" } },
          "paint": {
            "op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": { "canvas": "x" }, "in": { "goal": "x" },
            "with": { "method": "lbfgs", "history": 50 }, "until": { "steps": 60 }
          }
        },
        "outputs": { "canvas": "paint.canvas" },
        "graphs": {
          "loss": {
            "inputs": { "canvas": "tensor<f32>[1,3,H,W]", "goal": "tensor<f32>[1,3,H,W]" },
            "nodes": { "total": { "op": "nn.mse", "in": { "a": "@canvas", "b": "@goal" } } },
            "outputs": { "total": "total" }
          }
        }
      }
      """, "g.json")
    let plan = try program.run(["plan", "g.json", "--json"])
    // A canvas has 49 152 bytes; after so many steps the method remembers 100 of them.
    let peak = try #require(plan.items.first?["peak_bytes"] as? Int, "\(plan.errors)")
    #expect(peak > 100 * 49_152 && peak < 120 * 49_152)
    let refused = try program.run(["run", "g.json", "--mem", "4M"])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("MB at \"paint\", but --mem allows"), "\(refused.errors)")
    #expect(try program.run(["run", "g.json", "--mem", "16M"]).status == 0)
  }

  @Test func opsAndSchemaAreMadeFromTheRegistry() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let index = try program.run(["ops"]).output
    #expect(index.contains("nn.conv2d") && index.contains("optim.minimize"))
    #expect(!index.contains("nn.conv2d_input_gradient"))
    #expect(try program.run(["ops", "nn.conv2d"]).output.contains("pad_mode"))
    let schema = try program.run(["schema"]).output
    let parsed = try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any]
    #expect(parsed?["title"] as? String == "Weft graph, format 1")
  }
}
