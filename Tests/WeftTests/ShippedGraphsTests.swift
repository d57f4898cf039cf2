import Foundation
import TestSupport
import Testing

/// Every graph that ships runs, at reduced size, on pictures that Weft makes itself.
@Suite struct ShippedGraphsTests {
  /// Arguments per graph. `PHOTO` and `PAINTING` stand for generated pictures, `TENSOR` and `SMALL` for .npy files, of
  /// which the second has 96 x 96, `EMBEDDINGS` and `LABELS` for lists of numbers and of names, `CLASSES` for a folder
  /// with two classes of a picture each, `FOLDER` for a folder of pictures.
  private static let arguments: [String: [String]] = [
    "demo.json": ["size=64", "steps=3"],
    "face/calibrate.json": ["embeddings=EMBEDDINGS", "labels=LABELS", "far=0.05"],
    "face/happy-house.json": ["photo=PHOTO", "people=PHOTO,PAINTING", "mode=who_is_it"],
    "networks/fire.json": ["x=TENSOR", "squeeze=4", "expand=8"],
    "networks/lips.json": ["x=TENSOR"],
    "networks/nn4-small2.json": ["x=SMALL"],
    "networks/squeezenet1_1.json": ["x=TENSOR"],
    "networks/vgg-bn.json": ["x=TENSOR", "width=0.0625", "features=64"],
    "networks/vgg-mini.json": ["x=TENSOR", "width=4"],
    "networks/vgg16.json": ["x=TENSOR"],
    "networks/vgg19.json": ["x=TENSOR", "pooling=average", "padding=reflect"],
    "style/cs231n-losses.json": ["content=PHOTO", "style=PAINTING", "size=64", "model="],
    "style/gatys-relu3.json": ["content=PHOTO", "style=PAINTING", "steps=2", "vgg="],
    "style/transfer.json": ["content=PHOTO", "style=PAINTING", "size=64", "steps=3", "init=blend", "save_every=1"],
    "templates/features.json": ["photo=PHOTO", "size=48"],
    "templates/thumbnail.json": ["photo=PHOTO", "size=16"],
    "train/lipstick.json": ["plain=FOLDER", "painted=FOLDER", "pairs=1", "batch=1", "epochs=1"],
    "train/vgg-mini.json": ["train=CLASSES", "test=CLASSES", "width=4", "batch=2", "iterations=1", "epochs=1"],
    "train/vgg19-cifar10.json": [
      "train=CLASSES", "test=CLASSES", "width=0.0625", "features=64", "batch=2", "iterations=1", "epochs=1",
    ],
  ]

  private static let all: [String] = {
    let folder = WeftProgram.checkout.appendingPathComponent("Graphs")
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    return paths.filter { $0.hasSuffix(".json") && $0 != "models.json" }.sorted()
  }()

  @Test func everyGraphIsListedHere() {
    #expect(ShippedGraphsTests.all == ShippedGraphsTests.arguments.keys.sorted())
  }

  @Test(arguments: all) func runs(_ graph: String) throws {
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
          "crop": { "op": "image.resize", "in": { "image": "photo" }, "with": { "width": 96, "height": 96 } },
          "small": { "op": "image.to_tensor", "in": { "image": "crop" } }
        },
        "outputs": {
          "photo": "photo", "painting": "painting", "tensor": "tensor", "small": "small",
          "a": { "from": "photo", "save": "classes/a/1.png" }, "b": { "from": "painting", "save": "classes/b/1.png" }
        }
      }
      """, "pictures.json")
    let made = try program.run(["run", "pictures.json", "--out", "in"])
    try #require(made.status == 0, "\(made.errors)")
    try program.write(
      (0..<40).map { "\(cos(Double($0))),\(sin(Double($0))),\(Double($0 % 8) - 3.5)\n" }.joined(), "in/embeddings.csv")
    try program.write((0..<40).map { "person \($0 % 8)\n" }.joined(), "in/labels.csv")
    let given = try #require(ShippedGraphsTests.arguments[graph]).map {
      $0.replacingOccurrences(of: "PHOTO", with: "in/photo.png")
        .replacingOccurrences(of: "PAINTING", with: "in/painting.png")
        .replacingOccurrences(of: "TENSOR", with: "in/tensor.npy")
        .replacingOccurrences(of: "SMALL", with: "in/small.npy")
        .replacingOccurrences(of: "EMBEDDINGS", with: "in/embeddings.csv")
        .replacingOccurrences(of: "LABELS", with: "in/labels.csv")
        .replacingOccurrences(of: "CLASSES", with: "in/classes")
        .replacingOccurrences(of: "FOLDER", with: "in/classes/a")
    }
    let outcome = try program.run(["run", graph] + given + ["--json", "--out", "out"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let outputs = outcome.items.first?["outputs"] as? [String: Any]
    #expect(outputs?.isEmpty == false)
    let dot = try program.run(["dot", graph, "--expand"] + given)
    #expect(dot.status == 0 && dot.output.hasPrefix("digraph"), "\(dot.errors)")
  }
}
