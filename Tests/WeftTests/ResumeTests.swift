import Foundation
import TestSupport
import Testing

/// Caching, resuming and determinism as a user meets them, on a small style transfer with initial weights.
@Suite struct ResumeTests {
  private static let graph = """
    {
      "format": 1,
      "params": {
        "steps": { "type": "int", "default": 40 },
        "style_weight": { "type": "number", "default": 0.01 },
        "every": { "type": "int", "default": 5 }
      },
      "nodes": {
        "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 48, "height": 32, "seed": 1 } },
        "paint_from": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 40, "height": 40, "seed": 2 } },
        "x": { "op": "image.to_tensor", "in": { "image": "photo" } },
        "s": { "op": "image.to_tensor", "in": { "image": "paint_from" } },
        "goal": { "op": "graph:features", "in": { "x": "x" } },
        "look": { "op": "graph:features", "in": { "x": "s" } },
        "gram": { "op": "nn.gram", "in": { "x": "look.low" } },
        "paint": {
          "op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": { "canvas": "x" },
          "in": { "goal": "goal.high", "gram": "gram" }, "with": { "method": "lbfgs" },
          "until": { "steps": { "$": "steps" } }, "checkpoint": { "every": { "$": "every" } }
        },
        "picture": { "op": "image.from_tensor", "in": { "x": "paint.canvas" } }
      },
      "outputs": {
        "image": { "from": "picture", "save": "image.png" }, "curve": { "from": "paint.log", "save": "curve.csv" },
        "canvas": { "from": "paint.canvas", "save": "canvas.npy" }
      },
      "graphs": {
        "features": {
          "inputs": { "x": "tensor<f32>[1,3,H,W]" },
          "nodes": {
            "norm": { "op": "image.normalise", "in": { "x": "@x" }, "with": { "stats": "caffe" } },
            "net": { "op": "networks/vgg19.json", "in": { "x": "norm" } }
          },
          "outputs": { "high": "net.relu2_1", "low": "net.relu1_1" }
        },
        "loss": {
          "inputs": { "canvas": "tensor<f32>[1,3,H,W]", "goal": "tensor<f32>", "gram": "tensor<f32>[K,K]" },
          "nodes": {
            "now": { "op": "graph:features", "in": { "x": "@canvas" } },
            "close": { "op": "nn.mse", "in": { "a": "now.high", "b": "@goal" } },
            "g": { "op": "nn.gram", "in": { "x": "now.low" } },
            "style": { "op": "nn.mse", "in": { "a": "g", "b": "@gram" } },
            "total": { "op": "math.weighted_sum", "in": { "x": ["close", "style"] }, "with": { "weights": [1, { "$": "style_weight" }] } }
          },
          "outputs": { "total": "total" }
        }
      }
    }
    """

  private func program() throws -> WeftProgram {
    let program = try WeftProgram()
    try program.write(ResumeTests.graph, "g.json")
    return program
  }

  private func run(_ program: WeftProgram, _ arguments: [String], out: String = "out") throws -> [String: Any] {
    let outcome = try program.run(["run", "g.json", "--json", "--out", out] + arguments)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(outcome.items.first)
  }

  private func count(_ item: [String: Any], _ key: String) -> Int { item[key] as? Int ?? -1 }

  private static let files = ["image.png", "curve.csv", "canvas.npy"]

  @Test func theNumberOfJobsChangesNoByte() throws {
    let program = try program()
    defer { program.remove() }
    _ = try run(program, ["--jobs", "1", "--cache", "off"], out: "one")
    _ = try run(program, ["--jobs", "2", "--cache", "off"], out: "two")
    for file in ResumeTests.files { #expect(try program.data("one/\(file)") == program.data("two/\(file)"), "\(file)") }
  }

  @Test func theSecondRunRunsNothing() throws {
    let program = try program()
    defer { program.remove() }
    let first = try run(program, [])
    #expect(count(first, "ran") > 0)
    let second = try run(program, [], out: "again")
    #expect(count(second, "ran") == 0)
    #expect(count(second, "cached") > 0)
    for file in ResumeTests.files {
      #expect(try program.data("out/\(file)") == program.data("again/\(file)"), "\(file)")
    }
  }

  @Test func moreStepsContinueWhereFewerEnded() throws {
    let program = try program()
    defer { program.remove() }
    _ = try run(program, ["steps=20"], out: "short")
    _ = try run(program, ["steps=30", "--trace", "trace.json"], out: "long")
    let trace = String(decoding: try program.data("trace.json"), as: UTF8.self)
    #expect(trace.components(separatedBy: "\"paint/total\"").count - 1 == 10, "only the new steps run")
    _ = try run(program, ["steps=30", "--cache", "off"], out: "whole")
    for file in ResumeTests.files {
      #expect(try program.data("long/\(file)") == program.data("whole/\(file)"), "\(file)")
    }
  }

  /// Names of the stored states of loops.
  private func checkpoints(_ program: WeftProgram) -> Set<String> {
    let home = program.folder.appendingPathComponent("home").path
    return Set(
      (FileManager.default.enumerator(atPath: home)?.compactMap { $0 as? String } ?? []).filter {
        $0.contains("/loops/")
      }
    )
  }

  @Test func anInterruptedRunContinuesBitForBit() throws {
    let program = try program()
    defer { program.remove() }
    _ = try run(program, ["steps=3000", "--cache", "off"], out: "whole")
    for _ in 0..<3 {
      let before = checkpoints(program)
      let process = try program.start(["run", "g.json", "steps=3000", "--out", "broken"])
      while process.isRunning, checkpoints(program).isSubset(of: before) { Thread.sleep(forTimeInterval: 0.01) }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(!program.exists("broken"))
    }
    _ = try run(program, ["steps=3000"], out: "broken")
    for file in ResumeTests.files {
      #expect(try program.data("broken/\(file)") == program.data("whole/\(file)"), "\(file)")
    }
  }

  /// As many runs as keep every processor busy: a request to stop has no thread to wait for.
  @Test(.timeLimit(.minutes(5))) func anInterruptIsHeardWhileEveryProcessorIsBusy() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let program = try self.program()
          defer { program.remove() }
          let process = try program.start(["run", "g.json", "steps=100000"])
          defer { process.terminate() }
          while process.isRunning, self.checkpoints(program).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
          process.interrupt()
          while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
          #expect(process.terminationStatus == 130)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func aWeightReRunsOnlyTheLoopAndWhySaysSo() throws {
    let program = try program()
    defer { program.remove() }
    _ = try run(program, [])
    let changed = try run(program, ["style_weight=0.02"])
    // The loop and the picture made of its result.
    #expect(count(changed, "ran") == 2, "\(changed)")
    let why = try program.run(["why", "g.json", "paint", "style_weight=0.03"])
    #expect(why.status == 0, "\(why.errors)")
    #expect(
      why.output
        == "paint would run: its body changed: param weights of paint/total changed from [1.0,0.02] to [1.0,0.03]\n")
  }

  @Test func whyKnowsNodesOfBodies() throws {
    let program = try program()
    defer { program.remove() }
    let inner = try program.run(["why", "g.json", "paint/total"])
    #expect(
      inner.output
        == "paint/total runs inside paint. paint would run: it depends on goal/net/block1_conv1.weight, which runs\n",
      "\(inner.errors)")
    let wrong = try program.run(["why", "g.json", "paint/totl"])
    #expect(wrong.status == 2)
    #expect(
      wrong.errors == "error[target]: the graph has no node or output \"paint/totl\" (did you mean \"paint/total\"?)\n")
  }

  @Test func verifyRunsAgainAndCompares() throws {
    let program = try program()
    defer { program.remove() }
    let nothing = try program.run(["verify", "g.json"])
    #expect(nothing.status == 2 && nothing.output == "nothing of this run is in the cache: run it first\n")
    _ = try run(program, [])
    let same = try program.run(["verify", "g.json"])
    #expect(same.status == 0 && same.output.contains(" nodes give what is stored, "), "\(same.output)\(same.errors)")
    let data = try program.run(["verify", "g.json", "--json"])
    #expect(data.items.first?["different"] as? [String] == [])
  }

  @Test func namesOrderAndDocsReRunNothing() throws {
    let program = try program()
    defer { program.remove() }
    _ = try run(program, [])
    let renamed = ResumeTests.graph.replacingOccurrences(of: "\"picture\"", with: "\"painting\"")
      .replacingOccurrences(of: "\"photo\"", with: "\"start\"")
      .replacingOccurrences(of: "\"format\": 1,", with: "\"format\": 1, \"doc\": \"The same.\",")
    try program.write(renamed, "g.json")
    #expect(count(try run(program, []), "ran") == 0)
  }
}
