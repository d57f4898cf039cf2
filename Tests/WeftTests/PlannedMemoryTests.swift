import Foundation
import TestSupport
import Testing

/// What `plan` says a run needs, beside what it takes: the most resident memory of the process, less that of one that
/// runs a graph of nothing.
@Suite(.serialized) struct PlannedMemoryTests {
  /// Peak bytes of a run.
  private func measured(_ program: WeftProgram, _ arguments: [String]) throws -> Int {
    let process = try program.start(["run"] + arguments + ["--cache", "off", "--progress", "none", "--out", "out"])
    var peak = 0
    while process.isRunning {
      let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      if let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") }),
        let value = line.split(separator: " ").dropLast().last.flatMap({ Int($0) })
      {
        peak = 1024 * value
      }
      usleep(2000)
    }
    #expect(process.terminationStatus == 0)
    return peak
  }

  private func planned(_ program: WeftProgram, _ arguments: [String]) throws -> Int {
    let plan = try program.run(["plan"] + arguments + ["--cache", "off", "--json"])
    return try #require(plan.items.first?["peak_bytes"] as? Int)
  }

  private func compare(_ program: WeftProgram, _ arguments: [String]) throws {
    try program.write(
      #"""
      {"format": 1, "nodes": {"x": {"op": "math.constant", "with": {"shape": [1], "value": 1}}}, "outputs": {"y": "x"}}
      """#, "idle.json")
    let idle = try measured(program, ["idle.json"])
    let (expected, found) = (try planned(program, arguments), try measured(program, arguments) - idle)
    #expect(
      abs(Double(expected - found)) <= 0.05 * Double(found),
      "planned \(expected / 1_000_000) MB, measured \(found / 1_000_000) MB over \(idle / 1_000_000) MB")
  }

  /// Prepared weights that a forward pass and a loop share, activations kept for the gradient, what the method carries.
  @Test(arguments: ["adam", "lbfgs"]) func `optimising a picture through a network`(method: String) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(Self.graph, "deep.json")
    try compare(program, ["deep.json", "method=\(method)"])
  }

  private static let graph = #"""
    {
      "format": 1,
      "params": { "method": { "type": "string" } },
      "nodes": {
        "start": { "op": "math.constant", "with": { "shape": [1, 3, 384, 384], "value": 0.5 } },
        "photo": { "op": "math.constant", "with": { "shape": [1, 3, 384, 384], "value": 0.25 } },
        "goal": { "op": "graph:net", "in": { "x": "photo" } },
        "paint": {
          "op": "optim.minimize",
          "in": { "goal": "goal" },
          "with": { "method": { "$": "method" }, "lr": 0.01 },
          "body": "graph:loss",
          "loss": "loss",
          "wrt": { "x": "start" },
          "until": { "steps": 3 }
        }
      },
      "outputs": { "log": "paint.log" },
      "graphs": {
        "net": {
          "inputs": { "x": "tensor<f32>[1,3,H,W]" },
          "nodes": {
            "a": { "op": "nn.conv2d", "in": { "x": "@x" }, "with": { "channels": 64, "kernel": 3 } },
            "b": { "op": "nn.relu", "in": { "x": "a" } },
            "c": { "op": "nn.conv2d", "in": { "x": "b" }, "with": { "channels": 64, "kernel": 3 } },
            "d": { "op": "nn.relu", "in": { "x": "c" } },
            "e": { "op": "nn.max_pool", "in": { "x": "d" }, "with": { "kernel": 2 } },
            "f": { "op": "nn.conv2d", "in": { "x": "e" }, "with": { "channels": 256, "kernel": 3 } },
            "g": { "op": "nn.relu", "in": { "x": "f" } }
          },
          "outputs": { "y": "g" }
        },
        "loss": {
          "inputs": { "x": "tensor<f32>[1,3,H,W]", "goal": "tensor<f32>" },
          "nodes": {
            "now": { "op": "graph:net", "in": { "x": "@x" } },
            "close": { "op": "nn.mse", "in": { "a": "now", "b": "@goal" } }
          },
          "outputs": { "loss": "close" }
        }
      }
    }
    """#
}
