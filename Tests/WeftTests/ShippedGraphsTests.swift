import Foundation
import Models
import TestSupport
import Testing

/// Every graph that ships runs, at reduced size, on pictures that Weft makes itself.
@Suite struct ShippedGraphsTests {
  /// Arguments per graph, one a line, in `Fixtures/graphs/<path of the graph>.txt`. `PHOTO` and `PAINTING` stand for
  /// generated pictures, `TENSOR` and `SMALL` for .npy files, of which the second has 96 x 96, `EMBEDDINGS` and `LABELS`
  /// for lists of numbers and of names, `CLASSES` for a folder with two classes of two pictures each, `PORTRAITS` for
  /// one with a face and its record, `FOLDER` for a folder of pictures, `CROP24` and `CROP48` for .npy files of these
  /// sizes, `MASK` for another picture, `FEATURES` for activations of 64 channels as .npy file, `WEIGHTS` for a weight
  /// file, `ASSET:x` for a real model: such graphs run where the assets are.
  private static let arguments: [String: [String]] = {
    let folder = WeftProgram.checkout.appendingPathComponent("Tests/WeftTests/Fixtures/graphs")
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    return Dictionary(
      uniqueKeysWithValues: paths.filter { $0.hasSuffix(".txt") }.map { path in
        let text = (try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)) ?? ""
        return (String(path.dropLast(4)) + ".json", text.split(separator: "\n").map(String.init))
      })
  }()

  private static let all: [String] = {
    let folder = WeftProgram.checkout.appendingPathComponent("Graphs")
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    // What holds only params runs in the graphs that take them.
    return paths.filter { $0.hasSuffix(".json") && $0 != "models.json" && !$0.contains("/params/") }.sorted()
  }()

  @Test func everyGraphHasArguments() {
    #expect(ShippedGraphsTests.all == ShippedGraphsTests.arguments.keys.sorted())
  }

  private static let runnable = all.filter { graph in
    Assets.present || arguments[graph]?.contains { $0.contains("ASSET:") } != true
  }

  @Test(arguments: runnable) func runs(_ graph: String) throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 72, "height": 64 } },
          "painting": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 64, "height": 64 } },
          "x": { "op": "image.to_tensor", "in": { "image": "photo" } },
          "tensor": { "op": "image.normalise", "in": { "x": "x" }, "with": { "stats": "imagenet" } },
          "crop24": { "op": "tensor.crop", "in": { "x": "tensor" }, "with": { "height": 24, "width": 24 } },
          "crop48": { "op": "tensor.crop", "in": { "x": "tensor" }, "with": { "height": 48, "width": 48 } },
          "crop": { "op": "image.resize", "in": { "image": "photo" }, "with": { "width": 96, "height": 96 } },
          "small": { "op": "image.to_tensor", "in": { "image": "crop" } },
          "mask": { "op": "image.procedural", "with": { "kind": "checker", "width": 72, "height": 64, "cell": 40 } },
          "features": { "op": "tensor.noise", "with": { "shape": [1, 64, 12, 12] } }
        },
        "outputs": {
          "photo": "photo", "painting": "painting", "tensor": "tensor", "small": "small",
          "crop24": "crop24", "crop48": "crop48", "mask": "mask", "features": "features",
          "a": { "from": "photo", "save": "classes/a/1.png" }, "b": { "from": "painting", "save": "classes/b/1.png" },
          "portrait": { "from": "photo", "save": "portraits/1.png" },
          "c": { "from": "painting", "save": "classes/a/2.png" }, "d": { "from": "photo", "save": "classes/b/2.png" }
        }
      }
      """, "pictures.json")
    let made = try program.run(["run", "pictures.json", "--out", "in"])
    try #require(made.status == 0, "\(made.errors)")
    try program.write(
      (0..<40).map { "\(cos(Double($0))),\(sin(Double($0))),\(Double($0 % 8) - 3.5)\n" }.joined(), "in/embeddings.csv")
    try program.write((0..<40).map { "person \($0 % 8)\n" }.joined(), "in/labels.csv")
    try program.write(
      "[{ \"box\": [10, 10, 60, 60], \"points\": [[25, 25], [45, 25], [35, 35], [27, 48], [43, 48]] }]",
      "in/portraits/1.json")
    try Safetensors.write(
      [("first", HashedWeights.tensor("first", [4, 3, 3, 3]))],
      to: program.folder.appendingPathComponent("in/weights.safetensors").path)
    let given = try #require(ShippedGraphsTests.arguments[graph]).map {
      $0.replacingOccurrences(of: "PHOTO", with: "in/photo.png")
        .replacingOccurrences(of: "PAINTING", with: "in/painting.png")
        .replacingOccurrences(of: "TENSOR", with: "in/tensor.npy")
        .replacingOccurrences(of: "SMALL", with: "in/small.npy")
        .replacingOccurrences(of: "CROP24", with: "in/crop24.npy")
        .replacingOccurrences(of: "CROP48", with: "in/crop48.npy")
        .replacingOccurrences(of: "ASSET:", with: Assets.present ? Assets.path("") + "/" : "")
        .replacingOccurrences(of: "EMBEDDINGS", with: "in/embeddings.csv")
        .replacingOccurrences(of: "LABELS", with: "in/labels.csv")
        .replacingOccurrences(of: "CLASSES", with: "in/classes")
        .replacingOccurrences(of: "PORTRAITS", with: "in/portraits")
        .replacingOccurrences(of: "FOLDER", with: "in/classes/a")
        .replacingOccurrences(of: "FEATURES", with: "in/features.npy")
        .replacingOccurrences(of: "MASK", with: "in/mask.png")
        .replacingOccurrences(of: "WEIGHTS", with: "in/weights.safetensors")
    }
    if given.contains("gallery=in/people") {
      let settings = given.filter { !$0.hasPrefix("name=") } + ["name=nobody"]
      let enrolled = try program.run(["run", "face/enroll.json"] + settings + ["--out", "in"])
      try #require(enrolled.status == 0, "\(enrolled.errors)")
    }
    let outcome = try program.run(["run", graph] + given + ["--json", "--out", "out"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let outputs = outcome.items.first?["outputs"] as? [String: Any]
    #expect(outputs?.isEmpty == false)
    let dot = try program.run(["dot", graph, "--expand"] + given)
    #expect(dot.status == 0 && dot.output.hasPrefix("digraph"), "\(dot.errors)")
  }
}
