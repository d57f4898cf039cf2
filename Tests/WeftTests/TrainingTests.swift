import Foundation
import Glibc
import Models
import TestSupport
import Tensors
import Testing

/// Training from files to files: against PyTorch, interrupted, measured, continued.
@Suite struct TrainingTests {
  static let fixtures = WeftProgram.checkout.appendingPathComponent("Tests/WeftTests/Fixtures/training")

  /// The network of Tools/reference/training.py and its loss.
  static let graphs = """
    "graphs": {
      "net": {
        "inputs": { "x": "tensor<f32>[N,3,H,W]" },
        "nodes": {
          "conv": { "op": "nn.conv2d", "in": { "x": "@x" }, "with": { "channels": 4, "kernel": 3, "padding": 1, "bias": false } },
          "norm": { "op": "nn.batch_norm_train", "in": { "x": "conv" } },
          "relu": { "op": "nn.relu", "in": { "x": "norm.y" } },
          "pool": { "op": "nn.max_pool", "in": { "x": "relu" }, "with": { "kernel": 2, "stride": 2 } },
          "flat": { "op": "tensor.flatten", "in": { "x": "pool" }, "with": { "start": 1 } },
          "fc": { "op": "nn.linear", "in": { "x": "flat" }, "with": { "features": 3 } }
        },
        "outputs": { "y": "fc" }
      },
      "loss": {
        "inputs": { "x": "tensor<f32>[N,3,H,W]", "labels": "tensor<f32>[N]", "weights": "weights" },
        "nodes": {
          "net": { "op": "graph:net", "in": { "x": "@x" }, "weights": "@weights" },
          "loss": {
            "op": "nn.softmax_cross_entropy", "in": { "x": "net", "labels": "@labels" }, "with": { "smoothing": 0.1 }
          }
        },
        "outputs": { "loss": "loss" }
      }
    }
    """

  @Test(arguments: [
    ("sgd", #""lr": 0.1, "momentum": 0.9, "nesterov": true, "weight_decay": 0.01"#),
    ("adamw", #""lr": 0.01, "weight_decay": 0.1"#),
    ("lbfgs", #""lr": 0.5, "max_iter": 1, "history": 5"#),
  ]) func `three steps equal PyTorch's`(method: String, settings: String) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "x": "file", "labels": "file", "start": "file" },
        "nodes": {
          "x": { "op": "tensor.load", "in": { "file": "@x" } },
          "labels": { "op": "tensor.load", "in": { "file": "@labels" } },
          "start": { "op": "weights.load", "in": { "file": "@start" } },
          "fit": {
            "op": "optim.minimize", "body": "graph:loss", "in": { "x": "x", "labels": "labels" },
            "wrt": { "weights": "start" }, "with": { "method": "\(method)", \(settings) }, "until": { "steps": 3 }
          }
        },
        "outputs": { "weights": "fit.weights", "log": "fit.log" },
        \(TrainingTests.graphs)
      }
      """, "g.json")
    let files = ["x=x.npy", "labels=labels.npy", "start=start.safetensors"].map { text in
      let parts = text.split(separator: "=")
      return "\(parts[0])=\(TrainingTests.fixtures.appendingPathComponent(String(parts[1])).path)"
    }
    let outcome = try program.run(["run", "g.json"] + files + ["--out", "out"])
    try #require(outcome.status == 0, "\(outcome.errors)")

    let text = try Data(contentsOf: TrainingTests.fixtures.appendingPathComponent("losses.json"))
    let losses = try JSONSerialization.jsonObject(with: text) as? [String: [Double]]
    let rows = try program.table("out/log.csv").rows
    for (row, loss) in zip(rows, try #require(losses?[method])) { #expect(abs(row[0] - loss) < 1e-5 * loss) }

    let mine = try WeightFile(program.folder.appendingPathComponent("out/weights.safetensors").path)
    let theirs = try WeightFile(TrainingTests.fixtures.appendingPathComponent("\(method).safetensors").path)
    #expect(mine.headers.count == theirs.headers.count)
    for header in theirs.headers {
      let expected = try theirs.load(header.name).elements(Float.self).map(Double.init)
      #expect(largestError(try mine.load(header.name).elements(Float.self), expected) < 1e-5, "\(header.name)")
    }
  }

  @Test(.enabled(if: Assets.present, Comment(rawValue: Assets.absent)))
  func `an epoch of the small VGG keeps to PyTorch's loss curve within a hundredth`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let unpack = Process()
    unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    unpack.arguments = [
      "tar", "xJf", Assets.path("style/cifar10/cifar10-jpg.tar.xz"), "-C", program.folder.path, "--wildcards",
      "train/*/0[01]??.jpg",
    ]
    try unpack.run()
    unpack.waitUntilExit()
    try #require(unpack.terminationStatus == 0)
    let classes = try FileManager.default.contentsOfDirectory(
      atPath: program.folder.appendingPathComponent("train").path
    ).sorted()
    let lines = (0..<200).flatMap { index in
      classes.enumerated().map { label, name in
        "train/\(name)/\(String(repeating: "0", count: 4 - "\(index)".count))\(index).jpg,\(label)"
      }
    }
    try program.write(lines.joined(separator: "\n"), "list.csv")
    let graph = TrainingTests.fixtures.appendingPathComponent("vgg-epoch.json").path
    let outcome = try program.run(["run", graph, "list=list.csv", "--out", "out"])
    try #require(outcome.status == 0, "\(outcome.errors)")

    // Tools/reference/vgg_epoch.py
    let text = try Data(contentsOf: TrainingTests.fixtures.appendingPathComponent("vgg-epoch-losses.json"))
    let losses = try JSONSerialization.jsonObject(with: text) as? [String: [Double]]
    let theirs = try #require(losses?["single"])
    let mine = try program.table("out/log.csv").rows.map { $0[0] }
    #expect(mine.count == 20 && theirs.count == 20)
    for (step, (own, other)) in zip(mine, theirs).enumerated() {
      #expect(abs(own - other) < 0.01 * other, "step \(step): \(own), PyTorch \(other)")
    }
  }

  /// A training from pictures with everything in it that has to resume: shuffled batches, augmentation, dropout,
  /// running statistics, momentum, a schedule, an average, measurements.
  static let whole = """
    {
      "format": 1,
      "params": { "steps": { "type": "int", "default": 40 }, "patience": { "type": "int", "default": 100 } },
      "inputs": { "pictures": "folder" },
      "nodes": {
        "data": { "op": "data.folder", "in": { "folder": "@pictures" }, "with": { "size": 8 } },
        "batches": { "op": "data.batches", "in": { "x": "data.x", "y": "data.label" }, "with": { "size": 5 } },
        "all": {
          "op": "data.batches", "in": { "x": "data.x", "y": "data.label" }, "with": { "size": 6, "shuffle": false }
        },
        "start": { "op": "nn.weights", "with": { "frozen": ["conv.bias"] } },
        "fit": {
          "op": "optim.minimize", "body": "graph:loss", "validate": "graph:measure", "loss": "loss",
          "in": { "x": "batches.x", "labels": "batches.y", "all_x": "all.x", "all_labels": "all.y" },
          "wrt": { "weights": "start" },
          "with": {
            "method": "sgd", "lr": 0.05, "momentum": 0.9, "ema": 0.9, "clip_norm": 1, "l2": { "*.weight": 0.001 },
            "schedule": { "kind": "constant", "warmup": 5 }, "validate_every": 4
          },
          "until": { "steps": { "$": "steps" }, "patience": { "$": "patience" } }, "checkpoint": { "every": 3 },
          "keep": { "weights": "best" }
        }
      },
      "outputs": {
        "weights": "fit.weights", "average": "fit.weights.ema", "best": "fit.weights.best", "log": "fit.log",
        "lines": { "from": "fit.log", "save": "log.jsonl" }, "events": { "from": "fit.log", "save": "tfevents.log" }
      },
      "graphs": {
        "net": {
          "inputs": { "x": "tensor<f32>[N,3,H,W]" },
          "nodes": {
            "conv": { "op": "nn.conv2d", "in": { "x": "@x" }, "with": { "channels": 4, "kernel": 3, "padding": 1 } },
            "norm": { "op": "nn.batch_norm_train", "in": { "x": "conv" } },
            "relu": { "op": "nn.relu", "in": { "x": "norm.y" } },
            "flat": { "op": "tensor.flatten", "in": { "x": "relu" }, "with": { "start": 1 } },
            "drop": { "op": "nn.dropout", "in": { "x": "flat" } },
            "fc": { "op": "nn.linear", "in": { "x": "drop" }, "with": { "features": 2 } }
          },
          "outputs": { "y": "fc" }
        },
        "loss": {
          "inputs": { "x": "tensor<f32>[N,3,H,W]", "labels": "tensor<f32>[N]", "weights": "weights" },
          "nodes": {
            "flipped": { "op": "augment.flip", "in": { "x": "@x" } },
            "moved": { "op": "augment.shift", "in": { "x": "flipped" }, "with": { "pixels": 1 } },
            "net": { "op": "graph:net", "in": { "x": "moved" }, "weights": "@weights" },
            "loss": { "op": "nn.softmax_cross_entropy", "in": { "x": "net", "labels": "@labels" } }
          },
          "outputs": { "loss": "loss" }
        },
        "still": {
          "inputs": { "x": "tensor<f32>[N,3,H,W]" },
          "nodes": {
            "conv": { "op": "nn.conv2d", "in": { "x": "@x" }, "with": { "channels": 4, "kernel": 3, "padding": 1 } },
            "norm": { "op": "nn.batch_norm", "in": { "x": "conv" } },
            "relu": { "op": "nn.relu", "in": { "x": "norm" } },
            "flat": { "op": "tensor.flatten", "in": { "x": "relu" }, "with": { "start": 1 } },
            "fc": { "op": "nn.linear", "in": { "x": "flat" }, "with": { "features": 2 } }
          },
          "outputs": { "y": "fc" }
        },
        "measure": {
          "inputs": { "all_x": "tensor<f32>[N,3,H,W]", "all_labels": "tensor<f32>[N]", "weights": "weights" },
          "nodes": {
            "net": { "op": "graph:still", "in": { "x": "@all_x" }, "weights": "@weights" },
            "loss": { "op": "nn.softmax_cross_entropy", "in": { "x": "net", "labels": "@all_labels" } },
            "accuracy": { "op": "nn.accuracy", "in": { "x": "net", "labels": "@all_labels" } }
          },
          "outputs": { "loss": "loss", "accuracy": "accuracy" }
        }
      }
    }
    """

  static let files = [
    "weights.safetensors", "average.safetensors", "best.safetensors", "log.csv", "log.jsonl", "tfevents.log",
  ]

  /// Twelve pictures in two classes, in `pictures/`.
  static func prepared() throws -> WeftProgram {
    let program = try WeftProgram()
    var nodes: [String] = []
    var outputs: [String] = []
    for index in 0..<6 {
      for (name, kind) in [("hills", "mountains"), ("paint", "brushstrokes")] {
        nodes.append(
          #""\#(name)\#(index)": { "op": "image.procedural", "with": "#
            + #"{ "kind": "\#(kind)", "width": 16, "height": 16, "seed": \#(index) } }"#)
        outputs.append(
          #""\#(name)\#(index)": { "from": "\#(name)\#(index)", "save": "\#(name)/\#(index).png" }"#)
      }
    }
    try program.write(
      "{ \"format\": 1, \"nodes\": { \(nodes.joined(separator: ", ")) }, \"outputs\": { "
        + outputs.joined(separator: ", ") + " } }", "pictures.json")
    let made = try program.run(["run", "pictures.json", "--out", "pictures"])
    try #require(made.status == 0, "\(made.errors)")
    try program.write(TrainingTests.whole, "g.json")
    return program
  }

  @Test func `a training learns, measures and is repeatable; a second run runs nothing; more steps continue`() throws {
    let program = try Self.prepared()
    defer { program.remove() }
    let first = try program.run(["run", "g.json", "pictures=pictures", "--out", "a", "--json"])
    try #require(first.status == 0, "\(first.errors)")
    let (header, rows) = try program.table("a/log.csv")
    #expect(header == "loss,lr,l2,grad_norm,val_loss,val_accuracy")
    #expect(rows.count == 40)
    let measured = rows.map { $0[4] }.filter { !$0.isNaN }
    #expect(measured.min()! < 0.8 * measured[0], "\(measured)")
    let losses = rows.map { $0[0] }
    let (before, after) = (losses.prefix(5).reduce(0, +) / 5, losses.suffix(10).reduce(0, +) / 10)
    #expect(after < 0.8 * before, "\(losses)")
    #expect(rows.map { $0[4].isNaN } == (0..<40).map { ($0 + 1) % 4 != 0 })
    #expect(zip(rows.prefix(6).map { $0[1] }, [0.01, 0.02, 0.03, 0.04, 0.05, 0.05]).allSatisfy { abs($0 - $1) < 1e-9 })

    let again = try program.run(["run", "g.json", "pictures=pictures", "--out", "a2", "--json", "--jobs", "1"])
    #expect(again.items.first?["ran"] as? Int == 0)
    let shorter = ["run", "g.json", "pictures=pictures", "--cache", "other"]
    _ = try program.run(shorter + ["steps=17", "--out", "b"])
    let continued = try program.run(shorter + ["--out", "b"])
    #expect(continued.status == 0, "\(continued.errors)")
    let seeded = try program.run(["run", "g.json", "pictures=pictures", "--out", "c", "--seed", "3"])
    #expect(seeded.status == 0, "\(seeded.errors)")
    for file in TrainingTests.files {
      #expect(try program.data("a/\(file)") == program.data("a2/\(file)"), "\(file)")
      #expect(try program.data("a/\(file)") == program.data("b/\(file)"), "\(file)")
      #expect(try program.data("a/\(file)") != program.data("c/\(file)"), "\(file)")
    }
    // Frozen: as it started, which is zero; its neighbours moved.
    let weights = try WeightFile(program.folder.appendingPathComponent("a/weights.safetensors").path)
    #expect(try weights.load("conv.bias").elements(Float.self) == [0, 0, 0, 0])
    #expect(try weights.load("norm.shift").elements(Float.self).contains { $0 != 0 })
    #expect(try weights.load("norm.mean").elements(Float.self).contains { $0 != 0 })
  }

  @Test(.timeLimit(.minutes(20))) func `a killed training resumes bit for bit`() throws {
    let kills = ProcessInfo.processInfo.environment["WEFT_LONG"] == nil ? 3 : 10
    let program = try Self.prepared()
    defer { program.remove() }
    let run = ["run", "g.json", "pictures=pictures", "steps=60"]
    let whole = try program.run(run + ["--cache", "off", "--out", "whole"])
    try #require(whole.status == 0, "\(whole.errors)")
    var random = TestRandom(seed: 8)
    for number in 0..<kills {
      let cache = "cache\(number)"
      let process = try program.start(run + ["--cache", cache, "--out", "killed"])
      Thread.sleep(forTimeInterval: Double(random.floats(1, in: 0.02...0.5)[0]))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let resumed = try program.run(run + ["--cache", cache, "--out", "resumed\(number)"])
      try #require(resumed.status == 0, "\(resumed.errors)")
      for file in TrainingTests.files {
        #expect(try program.data("whole/\(file)") == program.data("resumed\(number)/\(file)"), "\(file)")
      }
    }
  }

  @Test func `a training stops early when nothing gets better`() throws {
    let program = try Self.prepared()
    defer { program.remove() }
    let graph = TrainingTests.whole.replacingOccurrences(of: #""lr": 0.05"#, with: #""lr": 0"#)
    try program.write(graph, "still.json")
    let outcome = try program.run(["run", "still.json", "pictures=pictures", "patience=2", "--out", "a"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    // Running statistics settle first; then two measurements in a row bring nothing new.
    #expect(try program.table("a/log.csv").rows.count < 40)
  }

  @Test func `a broken JPEG among ten thousand is named once, and the rest is learnt from`() throws {
    let program = try Self.prepared()
    defer { program.remove() }
    let originals = String(decoding: try program.data("pictures.json"), as: UTF8.self)
    try program.write(originals.replacingOccurrences(of: ".png", with: ".jpg"), "photos.json")
    let made = try program.run(["run", "photos.json", "--out", "photos"])
    try #require(made.status == 0, "\(made.errors)")
    let pictures = program.folder.appendingPathComponent("many")
    for (name, count) in [("hills", 4000), ("paint", 6000)] {
      let folder = pictures.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for index in 0..<count {
        let original = program.folder.appendingPathComponent("photos/\(name)/\(index % 6).jpg")
        try FileManager.default.linkItem(at: original, to: folder.appendingPathComponent("\(index).jpg"))
      }
    }
    let broken = pictures.appendingPathComponent("paint/4711.jpg")
    let whole = try Data(contentsOf: broken)
    try FileManager.default.removeItem(at: broken)
    try whole.prefix(whole.count / 2).write(to: broken)
    let graph = TrainingTests.whole.replacingOccurrences(of: #""size": 5"#, with: #""size": 500"#)
      .replacingOccurrences(of: #""validate_every": 4"#, with: #""validate_every": 100"#)
    let run = ["pictures=many", "steps=20", "--cache", "off", "--out"]
    try program.write(graph, "strict.json")
    let strict = try program.run(["run", "strict.json"] + run + ["a"])
    #expect(strict.status == 1 && strict.errors.contains("many/paint/4711.jpg"), "\(strict.errors)")
    try program.write(
      graph.replacingOccurrences(of: #""op": "data.folder","#, with: #""op": "data.folder", "on_error": "skip","#),
      "skipping.json")
    let skipping = try program.run(["run", "skipping.json"] + run + ["b"])
    try #require(skipping.status == 0, "\(skipping.errors)")
    #expect(skipping.errors.components(separatedBy: "4711.jpg").count == 2, "\(skipping.errors)")
    #expect(skipping.errors.contains("many/paint/4712.jpg stands for it"), "\(skipping.errors)")
    #expect(try program.table("b/log.csv").rows.count == 20)
  }

  @Test func `bad data is named, and costs nothing that was reached`() throws {
    let program = try Self.prepared()
    defer { program.remove() }
    try program.write("no picture", "pictures/hills/9.jpg")
    let broken = try program.run(["run", "g.json", "pictures=pictures", "--out", "a"])
    #expect(broken.status == 1 && broken.errors.contains("pictures/hills/9.jpg"), "\(broken.errors)")
    let skipping = TrainingTests.whole.replacingOccurrences(
      of: #""op": "data.folder","#, with: #""op": "data.folder", "on_error": "skip","#)
    try program.write(skipping, "skipping.json")
    let skipped = try program.run(["run", "skipping.json", "pictures=pictures", "--out", "a"])
    #expect(skipped.status == 0, "\(skipped.errors)")
    #expect(skipped.errors.contains("warning[image-format]") && skipped.errors.contains("stands for it"))

    try FileManager.default.removeItem(at: program.folder.appendingPathComponent("pictures/hills/9.jpg"))
    let wild = TrainingTests.whole.replacingOccurrences(of: #""clip_norm": 1,"#, with: "")
      .replacingOccurrences(of: #""lr": 0.05"#, with: #""lr": 1e30"#)
    try program.write(wild, "wild.json")
    let diverged = try program.run(["run", "wild.json", "pictures=pictures", "--out", "b"])
    #expect(diverged.status == 1)
    #expect(diverged.errors.contains("error[diverged]"), "\(diverged.errors)")
  }
}
