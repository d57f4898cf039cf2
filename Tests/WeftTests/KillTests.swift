import Foundation
import Glibc
import TestSupport
import Testing

/// Two processes share a cache and are killed again and again: no wrong result, no stuck lock, no corrupt entry served.
@Suite struct KillTests {
  private static let graph = """
    {
      "format": 1,
      "params": { "steps": { "type": "int", "default": 60 } },
      "nodes": {
        "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 64, "height": 48, "seed": 1 } },
        "x": { "op": "image.to_tensor", "in": { "image": "photo" } },
        "goal": { "op": "networks/vgg19.json", "in": { "x": "x" } },
        "start": { "op": "math.scale", "in": { "x": "x" }, "with": { "by": 0.5 } },
        "paint": {
          "op": "optim.minimize", "body": "graph:loss", "loss": "total", "wrt": { "canvas": "start" },
          "in": { "goal": "goal.relu2_1" }, "with": { "method": "adam", "lr": 0.02 },
          "until": { "steps": { "$": "steps" } }, "checkpoint": { "every": 3 }
        }
      },
      "outputs": {
        "curve": { "from": "paint.log", "save": "curve.csv" }, "canvas": { "from": "paint.canvas", "save": "canvas.npy" }
      },
      "graphs": {
        "loss": {
          "inputs": { "canvas": "tensor<f32>[1,3,H,W]", "goal": "tensor<f32>" },
          "nodes": {
            "now": { "op": "networks/vgg19.json", "in": { "x": "@canvas" } },
            "total": { "op": "nn.mse", "in": { "a": "now.relu2_1", "b": "@goal" } }
          },
          "outputs": { "total": "total" }
        }
      }
    }
    """

  @Test(.timeLimit(.minutes(20))) func killedProcessesLeaveNoWrongResult() throws {
    let kills = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 4 : 200
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(KillTests.graph, "g.json")
    let whole = try program.run(["run", "g.json", "--cache", "off", "--out", "whole"])
    try #require(whole.status == 0, "\(whole.errors)")
    var generator = SplitMix(seed: 20)
    var killed = 0
    while killed < kills {
      let first = try program.start(["run", "g.json", "--out", "a", "--cache", "cache"])
      let second = try program.start(["run", "g.json", "--out", "b", "--cache", "cache"])
      Thread.sleep(forTimeInterval: 0.02 + Double(generator.next() % 700) / 1000)
      for process in [first, second] {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        killed += 1
      }
      if generator.next() % 4 == 0 {
        // A run between the kills has to finish and to be right.
        try expectSame(program, "whole")
        try FileManager.default.removeItem(at: program.folder.appendingPathComponent("cache"))
      }
    }
    try expectSame(program, "whole")
    let verified = try program.run(["cache", "verify", "--cache", "cache"])
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
  }

  private func expectSame(_ program: WeftProgram, _ whole: String) throws {
    let outcome = try program.run(["run", "g.json", "--out", "c", "--cache", "cache"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    for file in ["curve.csv", "canvas.npy"] {
      #expect(try program.data("c/\(file)") == program.data("\(whole)/\(file)"), "\(file)")
    }
  }
}

/// Small seeded generator of Steele, Lea & Flood 2014.
private struct SplitMix {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
