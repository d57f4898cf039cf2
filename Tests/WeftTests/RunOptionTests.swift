import Foundation
import TestSupport
import Testing

/// Options of `weft run`, on a minimisation small enough to follow by hand.
@Suite struct RunOptionTests {
  static let graph = """
    {
      "format": 1,
      "params": { "steps": { "type": "int", "default": 5, "min": 1, "doc": "updates" }, "by": { "type": "number", "default": 1 } },
      "inputs": { "start": { "type": "tensor<f32>[2]", "doc": "where it begins" }, "rows": "list<tensor<f32>[2]>" },
      "nodes": {
        "goal": { "op": "math.scale", "in": { "x": "@start" }, "with": { "by": -1 } },
        "paint": {
          "op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": { "x": "@start" }, "in": { "goal": "goal" },
          "with": { "method": "adam", "lr": 0.1 }, "until": { "steps": { "$": "steps" } }
        },
        "each": { "op": "graph:one", "each": { "row": "@rows" } },
        "roots": { "op": "math.log", "in": { "x": "@start" } }
      },
      "outputs": { "x": "paint.x", "curve": { "from": "paint.log", "save": "curve.csv" }, "halves": "each.half", "roots": "roots" },
      "graphs": {
        "loss": {
          "inputs": { "x": "tensor<f32>[2]", "goal": "tensor<f32>[2]" },
          "nodes": {
            "scaled": { "op": "math.scale", "in": { "x": "@x" }, "with": { "by": { "$": "by" } } },
            "total": { "op": "nn.mse", "in": { "a": "scaled", "b": "@goal" } }
          },
          "outputs": { "total": "total" }
        },
        "one": {
          "inputs": { "row": "tensor<f32>[2]" },
          "nodes": { "half": { "op": "math.scale", "in": { "x": "@row" }, "with": { "by": 0.5 } } },
          "outputs": { "half": "half" }
        }
      }
    }
    """
  static let values = ["start=[1,2]", "rows=[[1,2],[3,4],[5,6]]"]

  private func program() throws -> WeftProgram {
    let program = try WeftProgram()
    try program.write(RunOptionTests.graph, "g.json")
    return program
  }

  private func run(_ program: WeftProgram, _ more: [String]) throws -> WeftProgram.Outcome {
    try program.run(["run", "g.json"] + RunOptionTests.values + more)
  }

  @Test func onlyANodeOrAnOutputRuns() throws {
    let program = try program()
    defer { program.remove() }
    let output = try run(program, ["--only", "roots", "--json"])
    #expect(output.status == 0, "\(output.errors)")
    #expect(Set(try #require(output.items.first?["outputs"] as? [String: Any]).keys) == ["roots"])
    #expect(output.items.first?["ran"] as? Int == 1)
    let node = try run(program, ["--only", "goal", "--json"])
    #expect((node.items.first?["outputs"] as? [String: [Double]])?.values.first == [-1, -2], "\(node.output)")
    let wrong = try run(program, ["--only", "gaol"])
    #expect(wrong.status == 2)
    #expect(wrong.errors == "error[usage]: --only: the graph has no output or node \"gaol\" (did you mean \"goal\"?)\n")
  }

  @Test func aProbeShowsInnerValues() throws {
    let program = try program()
    defer { program.remove() }
    for _ in 0..<2 {
      let body = try run(program, ["--probe", "paint/scaled"])
      #expect(body.status == 0, "\(body.errors)")
      let line = body.errors.split(separator: "\n").first { $0.hasPrefix("paint/scaled ") }
      #expect(line?.contains("[2]") == true && line?.contains("max 2.0") == true, "\(body.errors)")
      #expect(line?.hasSuffix("NaN 0  runs 5") == true, "\(body.errors)")
    }
    let map = try run(program, ["--probe", "each/*"])
    let line = map.errors.split(separator: "\n").first { $0.hasPrefix("each/half ") }
    #expect(line?.contains("min 0.5  max 3.0  mean 1.75  NaN 0  runs 3") == true, "\(map.errors)")
    #expect(
      try run(program, ["--probe", "nothing"]).errors.contains("--probe: nothing ran at a path like \"nothing\""))
  }

  @Test func aTrapNamesTheNodeThatMadeANaN() throws {
    let program = try program()
    defer { program.remove() }
    #expect(try run(program, []).status == 0)
    #expect(try run(program, ["--trap", "nan"]).status == 0)
    let outcome = try program.run(["run", "g.json", "start=[-1,2]", "rows=[]", "--trap", "nan"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("roots") && outcome.errors.contains("math.log"), "\(outcome.errors)")
    // In a body the step is named too.
    let inner = RunOptionTests.graph.replacingOccurrences(
      of: "\"op\": \"math.scale\", \"in\": { \"x\": \"@x\" }, \"with\": { \"by\": { \"$\": \"by\" } }",
      with: "\"op\": \"math.log\", \"in\": { \"x\": \"@x\" }")
    try program.write(inner.replacingOccurrences(of: "\"lr\": 0.1", with: "\"lr\": 3"), "g.json")
    let step = try program.run(["run", "g.json", "start=[0.25,2]", "rows=[]", "steps=40", "--trap", "nan"])
    #expect(step.status == 1)
    #expect(step.errors.contains("paint/scaled") && step.errors.contains("step"), "\(step.errors)")
  }

  @Test func aTraceIsAChromeTraceAndPaintsADrawing() throws {
    let program = try program()
    defer { program.remove() }
    let outcome = try run(program, ["--trace", "t.json", "--dot", "g.dot"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let trace = try #require(try JSONSerialization.jsonObject(with: program.data("t.json")) as? [String: Any])
    let events = try #require(trace["traceEvents"] as? [[String: Any]])
    #expect(events.allSatisfy { $0["ph"] is String && $0["name"] is String && $0["pid"] is Int })
    let spans = events.filter { $0["ph"] as? String == "X" }
    #expect(
      spans.contains { $0["name"] as? String == "paint" }
        && spans.allSatisfy { $0["ts"] is Double && $0["dur"] is Double })
    for (name, text) in [
      ("--dot", String(decoding: try program.data("g.dot"), as: UTF8.self)),
      ("--trace", try program.run(["dot", "g.json", "--trace", "t.json"]).output),
    ] {
      let line = try #require(text.split(separator: "\n").first { $0.contains("\"paint\" [label") }, "\(name)")
      #expect(line.contains(" %") && (line.contains("µs") || line.contains("ms")), "\(name): \(line)")
    }
    let plain = try program.run(["dot", "g.json"]).output
    #expect(!plain.contains(" %"))
    let wrong = try program.run(["dot", "g.json", "--trace", "g.json"])
    #expect(wrong.status == 2 && wrong.errors == "error[usage]: g.json is no trace: it has no \"traceEvents\"\n")
  }

  @Test func theHelpOfAGraphIsMadeFromIt() throws {
    let program = try program()
    defer { program.remove() }
    let help = try program.run(["run", "g.json", "--help"])
    #expect(help.status == 0)
    #expect(
      help.output.contains("usage: weft run g.json start=… rows=… [name=value ...]")
        && help.output.contains("where it begins") && help.output.contains("updates; at least 1; default 5"),
      "\(help.output)")
  }

  @Test func anOverrunBudgetIsRefusedByName() throws {
    let program = try program()
    defer { program.remove() }
    let refused = try run(program, ["--mem", "4"])
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains("error[memory]: the run needs ") && refused.errors.contains("but --mem allows 4 B"),
      "\(refused.errors)")
    #expect(!program.exists("out"))
    #expect(try run(program, ["--mem", "1G"]).status == 0)
  }

  @Test func aTightBudgetComputesActivationsAgain() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    // Twenty activations, each of which the way back reads again.
    let layers = (1...20).map { layer in
      "\"t\(layer)\": { \"op\": \"nn.tanh\", \"in\": { \"x\": \"\(layer == 1 ? "@x" : "t\(layer - 1)")\" } }"
    }
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 256, "height": 256, "seed": 7 } },
          "planes": { "op": "image.to_tensor", "in": { "image": "photo" } },
          "paint": {
            "op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": { "x": "planes" },
            "with": { "method": "adam", "lr": 0.01 }, "until": { "steps": 3 }
          }
        },
        "outputs": { "x": { "from": "paint.x", "save": "x.npy" } },
        "graphs": {
          "loss": {
            "inputs": { "x": "tensor<f32>[1,3,H,W]" },
            "nodes": { \(layers.joined(separator: ", ")), "total": { "op": "nn.sum_squares", "in": { "a": "t20" } } },
            "outputs": { "total": "total" }
          }
        }
      }
      """, "g.json")
    let peak = try #require(try program.run(["plan", "g.json", "--json"]).items.first?["peak_bytes"] as? Int)
    #expect(peak > 20 * 786_432)
    for (name, budget) in [("all", peak), ("some", peak * 7 / 10)] {
      let outcome = try program.run([
        "run", "g.json", "--cache", "off", "--mem", "\(budget)", "--out", name,
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    #expect(try program.data("all/x.npy") == program.data("some/x.npy"))
    #expect(try program.run(["run", "g.json", "--cache", "off", "--mem", "\(peak / 10)"]).status == 2)
  }

  @Test func goingOnMakesWhatDoesNotDependOnTheFailure() throws {
    let program = try program()
    defer { program.remove() }
    try program.write(
      RunOptionTests.graph.replacingOccurrences(of: "\"lr\": 0.1", with: "\"lr\": 1e30"), "g.json")
    let stopped = try run(program, ["steps=9", "--json"])
    #expect(stopped.status == 1)
    let outcome = try run(program, ["steps=9", "--json", "--keep-going"])
    #expect(outcome.status == 1)
    let item = try #require(outcome.items.first)
    #expect(Set(try #require(item["outputs"] as? [String: Any]).keys) == ["halves", "roots"], "\(item)")
    #expect((item["error"] as? String)?.contains("paint") == true)
  }
}
