import Foundation
import Images
import Tensors
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

  /// What the process takes by itself.
  private func idle(_ program: WeftProgram) throws -> Int {
    try program.write(
      #"""
      {"format": 1, "nodes": {"x": {"op": "math.constant", "with": {"shape": [1], "value": 1}}}, "outputs": {"y": "x"}}
      """#, "idle.json")
    return try measured(program, ["idle.json"])
  }

  private func compare(_ program: WeftProgram, _ arguments: [String]) throws {
    let idle = try idle(program)
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

  /// What no machine holds is planned like what it holds: 11 times the pixels take 11 times the memory.
  @Test func `a photo that is too large for the machine is planned all the same`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try pictures(512, 384, in: program)
    let arguments = ["content=in/photo.png", "style=in/painting.png", "to=2", "from=2"]
    func planned(_ size: Int) throws -> Double {
      Double(try self.planned(program, ["style/wct.json", "size=\(size)"] + arguments))
    }
    let ratio = try planned(10_000) / planned(3_000)
    #expect(ratio > 10 && ratio < 12, "\(ratio)")
    let refused = try program.run(
      ["run", "style/wct.json", "size=10000", "--mem", "4G", "--cache", "off", "--out", "none"] + arguments)
    #expect(refused.status == 2 && refused.errors.contains("but --mem allows 4.29 GB"), "\(refused.errors)")
  }

  /// A painting is seen no larger than it is, however wide the photo: enlarged to the width it would take gigabytes.
  @Test(arguments: ["adain", "microast", "photo", "style-swap", "wct"])
  func `the plan of a wide photo is small beside a small painting`(_ graph: String) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try pictures(10_000, 96, in: program)
    let arguments = ["style/\(graph).json", "content=in/photo.png", "style=in/painting.png", "size=10000"]
    let (own, enlarged) = (
      try planned(program, arguments), try planned(program, arguments + ["style_size=2500"])
    )
    #expect(own < 600_000_000 && enlarged > own, "\(own) \(enlarged)")
  }

  /// A photo of that size and a small painting.
  private func pictures(_ width: Int, _ height: Int, in program: WeftProgram) throws {
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": {
            "op": "image.procedural",
            "with": { "kind": "mountains", "width": \(width), "height": \(height), "seed": 7 }
          },
          "painting": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 128, "height": 120, "seed": 3 } }
        },
        "outputs": { "photo": "photo", "painting": "painting" }
      }
      """, "pictures.json")
    let made = try program.run(["run", "pictures.json", "--out", "in"])
    try #require(made.status == 0, "\(made.errors)")
  }

  /// What a transfer takes to paint a photo in tiles.
  private func transfer(
    _ size: Int, tile: Int, by method: [String] = ["optimizer=adam", "lr=0.02"], in program: WeftProgram
  ) throws -> [String] {
    try pictures(size, size / 4 * 3, in: program)
    return [
      "style/transfer.json", "content=in/photo.png", "style=in/painting.png", "size=\(size)", "style_size=128",
      "content_layers=[\"relu3_1\"]", "style_layers=[\"relu1_1\",\"relu2_1\",\"relu3_1\"]", "tile=\(tile)", "margin=32",
    ] + method
  }

  /// What L-BFGS remembers in a loop of its own grows by two vectors per step, up to its history.
  @Test func `the history of an optimiser between tiles counts`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let arguments = try transfer(256, tile: 128, by: ["optimizer=lbfgs", "history=10"], in: program)
    let planned = try [4, 8, 20, 40].map { try self.planned(program, arguments + ["steps=\($0)"]) }
    let vector = 4 * 3 * 256 * 192
    // A few bytes more, of the log's rows.
    #expect((2 * 4 * vector..<2 * 4 * vector + 1024).contains(planned[1] - planned[0]), "\(planned)")
    #expect(planned[2] - planned[1] > 2 * vector && planned[3] - planned[2] < 1024, "\(planned)")
  }

  /// What is refused as a whole is painted in tiles, in what was allowed, to the same picture.
  @Test func `a picture painted in tiles keeps to its budget and is that of the whole`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let budget = 112 << 20
    let tiled = try transfer(768, tile: 128, in: program) + ["steps=2"]
    let whole = try transfer(768, tile: 0, in: program) + ["steps=2"]
    let refused = try program.run(["run"] + whole + ["--mem", "112M", "--cache", "off", "--out", "none"])
    #expect(refused.status == 2 && refused.errors.contains("but --mem allows"), "\(refused.errors)")
    let idle = try idle(program)
    let (expected, found) = (try planned(program, tiled), try measured(program, tiled + ["--mem", "112M"]) - idle)
    #expect(expected <= budget && found <= budget, "planned \(expected), measured \(found) over \(idle)")
    #expect(try program.run(["run"] + whole + ["--cache", "off", "--out", "whole"]).status == 0)
    try compareLogs(program)
  }

  /// Of two steps in tiles and of the whole.
  private func compareLogs(_ program: WeftProgram) throws {
    let rows = try program.table("out/photo-painting.csv").rows
    let wanted = try program.table("whole/photo-painting.csv").rows
    try #require(rows.count == 2 && wanted.count == 2)
    for (row, want) in zip(rows, wanted) {
      for (number, wanted) in zip(row, want) { #expect(abs(number - wanted) <= 1e-4 * abs(wanted), "\(row) \(want)") }
    }
  }

  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["WEFT_LONG"] != nil && Assets.present, "only with WEFT_LONG and assets"))
  func `4096 pixels are painted within 4 GB`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    // Plain descent and average pooling: Adam's first step follows the sign of the gradient, and max pooling takes the
    // largest of equal numbers where a photo is flat: rounding decides both, and the losses alone stay within 1e-4.
    func arguments(tile: Int) throws -> [String] {
      try transfer(4096, tile: tile, by: ["optimizer=sgd", "lr=100", "pooling=average"], in: program) + [
        "model=\(Assets.path("style/vgg19_to_relu3_4/vgg19_block1-3.hwio.safetensors"))", "steps=2",
      ]
    }
    let tiled = try arguments(tile: 256)
    let idle = try idle(program)
    let (expected, found) = (try planned(program, tiled), try measured(program, tiled + ["--mem", "4G"]) - idle)
    #expect(expected <= 4 << 30 && found <= 4 << 30, "planned \(expected), measured \(found)")
    // The whole takes 12 GB.
    guard ProcessInfo.processInfo.physicalMemory >= 16 << 30 else { return }
    let whole = try arguments(tile: 0) + ["--cache", "off", "--out", "whole"]
    #expect(try program.run(["run"] + whole).status == 0)
    try compareLogs(program)
    let pictures = try ["out", "whole"].map { folder in
      try ImageFile.read(program.folder.appendingPathComponent("\(folder)/photo-painting.png").path).pixels
        .elements(UInt8.self)
    }
    let apart = zip(pictures[0], pictures[1]).reduce(0) { $0 + (abs(Int($1.0) - Int($1.1)) > 1 ? 1 : 0) }
    #expect(apart <= pictures[0].count / 10_000, "\(apart) of \(pictures[0].count)")
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
