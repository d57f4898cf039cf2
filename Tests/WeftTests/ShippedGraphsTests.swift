import Foundation
import Models
import TestSupport
import Testing

/// Every graph that ships runs, at reduced size, on pictures that Weft makes itself.
@Suite struct ShippedGraphsTests {
  private static let yunet = "detector=ASSET:face/yunet/yunet_n_640_640.onnx"
  private static let mobilefacenet = "encoder=ASSET:face/mobilefacenet/mobilefacenet.onnx"
  private static let someone =
    #"face={"box":[8,8,60,60],"score":1,"points":[[20,30],[44,30],[32,40],[24,50],[40,50]]}"#

  /// Arguments per graph. `PHOTO` and `PAINTING` stand for generated pictures, `TENSOR` and `SMALL` for .npy files, of
  /// which the second has 96 x 96, `EMBEDDINGS` and `LABELS` for lists of numbers and of names, `CLASSES` for a folder
  /// with two classes of two pictures each, `FOLDER` for a folder of pictures, `CROP24` and `CROP48` for
  /// .npy files of these sizes, `MASK` for another picture,
  /// `FEATURES` for activations of 64 channels as .npy file,
  /// `WEIGHTS` for a weight file, `ASSET:x` for a real model: such graphs run where the assets are.
  private static let arguments: [String: [String]] = [
    "demo.json": ["size=64", "steps=3"],
    "face/analyze.json": [
      "photo=PHOTO", yunet, mobilefacenet, "no_face=whole", "landmarker=ASSET:face/pfld/pfld.onnx",
      "attributes=ASSET:face/genderage/genderage_v1.onnx",
    ],
    "face/calibrate.json": ["embeddings=EMBEDDINGS", "labels=LABELS", "far=0.05"],
    "face/compare.json": ["a=PHOTO", "b=PAINTING", yunet, mobilefacenet],
    "face/detect.json": ["photo=PHOTO", "detector=ASSET:face/haarcascade/haarcascade_frontalface_alt2.xml"],
    "face/encode.json": ["photo=PHOTO", yunet, mobilefacenet],
    "face/enroll.json": ["photo=PHOTO", "name=nobody", "gallery=people", yunet, mobilefacenet, "no_face=whole"],
    "face/happy-house.json": ["photo=PHOTO", "people=PHOTO,PAINTING", "mode=who_is_it"],
    "face/identify.json": ["photo=PHOTO", "gallery=in/people", yunet, mobilefacenet, "no_face=whole"],
    "face/landmarks.json": ["photo=PHOTO", yunet, "landmarker=ASSET:face/pfld/pfld.onnx", "no_face=whole"],
    "face/mtcnn.json": ["image=PHOTO", "weights="],
    "face/naive.json": ["a=PHOTO", "b=PAINTING"],
    "face/parts/embed-at.json": ["image=PHOTO", someone, mobilefacenet],
    "face/parts/embed.json": ["image=PHOTO", someone, mobilefacenet],
    "face/parts/faces.json": ["image=PHOTO", yunet],
    "face/parts/landmarks.json": ["image=PHOTO", someone, "landmarker=ASSET:face/pfld/pfld.onnx"],
    "face/parts/look.json": ["image=PHOTO", yunet, "kind=yunet"],
    "networks/face-encoder-mini.json": ["x=TENSOR", "width=2"],
    "face/verify.json": [
      "photo=PHOTO", "name=nobody", "gallery=in/people", yunet, mobilefacenet, "no_face=whole",
    ],
    "networks/fire.json": ["x=TENSOR", "squeeze=4", "expand=8"],
    "networks/mtcnn-o.json": ["x=CROP48"],
    "networks/mtcnn-p.json": ["x=TENSOR"],
    "networks/mtcnn-r.json": ["x=CROP24"],
    "networks/nn4-small2.json": ["x=SMALL"],
    "networks/johnson.json": ["x=TENSOR"],
    "networks/microast-decoder.json": [
      "deep=FEATURES", "style_deep=FEATURES", "style_shallow=FEATURES", "weight_shallow=FEATURES",
      "bias_shallow=FEATURES",
      "weight_deep=FEATURES", "bias_deep=FEATURES",
    ],
    "networks/microast-encoder.json": ["x=TENSOR"],
    "networks/microast-modulator.json": ["shallow=FEATURES", "deep=FEATURES"],
    "networks/squeezenet1_1.json": ["x=TENSOR"],
    "networks/upconv7.json": ["x=TENSOR"],
    "networks/lips.json": ["x=TENSOR"],
    "networks/transform-net.json": ["x=TENSOR", "width=2"],
    "networks/vgg-bn.json": ["x=TENSOR", "width=0.0625", "features=64"],
    "networks/vgg-mini.json": ["x=TENSOR", "width=4"],
    "networks/vgg16.json": ["x=TENSOR"],
    "networks/vgg19.json": ["x=TENSOR", "pooling=average", "padding=reflect"],
    "style/cs231n-losses.json": ["content=PHOTO", "style=PAINTING", "size=64", "model="],
    "networks/wct-decoder.json": ["x=FEATURES", "level=3"],
    "networks/wct-encoder.json": ["x=TENSOR"],
    "see/activations.json": ["function=elu"],
    "see/classify.json": ["photo=PHOTO", "size=64"],
    "see/deconvnet.json": ["photos=[\"in/photo.png\",\"in/painting.png\"]", "size=64", "layer=fire2"],
    "see/deep-dream.json": ["photo=PHOTO", "layers=[\"fire2\"]", "steps=2", "octaves=2", "jitter=4", "frames=2"],
    "see/embedding.json": ["photos=[\"in/photo.png\",\"in/painting.png\",\"in/photo.png\"]", "size=64"],
    "see/filters.json": ["model=WEIGHTS", "name=first"],
    "see/layers.json": ["photo=PHOTO", "size=64", "layers=[\"relu1\",\"fire2\"]"],
    "see/maximize.json": ["size=32", "layer=fire2", "steps=2", "count=2", "diversity=1"],
    "see/saliency.json": ["photo=PHOTO", "size=64"],
    "style/adain-op.json": ["content=FEATURES", "style=FEATURES"],
    "style/adain.json": ["content=PHOTO", "style=PAINTING", "size=32", "level=2"],
    "style/canvas.json": ["content=PHOTO", "style=PAINTING", "init=style"],
    "style/colour.json": ["content=PHOTO", "style=PAINTING", "colour=luminance"],
    "style/compare.json": ["content=PHOTO", "style=PAINTING", "size=64", "steps=1"],
    "style/face-swap.json": [
      "photo=PHOTO", "face=PAINTING", "mask=MASK", "face_mask=MASK", "size=32", "steps=2",
    ],
    "style/fast.json": ["content=PHOTO"],
    "style/features.json": ["x=TENSOR", "layers=[\"relu1_1\"]"],
    "style/gatys-coursera.json": [
      "content=PHOTO", "style=PAINTING", "width=32", "height=32", "steps=2", "save_every=1",
    ],
    "style/gatys-cs231n.json": ["content=PHOTO", "style=PAINTING", "size=48", "steps=2"],
    "style/gatys-relu3.json": ["content=PHOTO", "style=PAINTING", "steps=2", "vgg="],
    "style/gatys-tf.json": ["content=PHOTO", "style=PAINTING", "size=32", "steps=2", "fixed=true"],
    "style/gatys-torch.json": ["content=PHOTO", "style=PAINTING", "width=32", "height=24", "steps=2"],
    "style/gatys-v1.json": ["content=PHOTO", "style=PAINTING", "size=32", "steps=2"],
    "style/inpaint.json": [
      "photo=PHOTO", "mask=MASK", "size=64", "steps=2", "layers=[\"relu2_1\"]",
    ],
    "style/lib.json": ["content=PHOTO", "style=PAINTING", "steps=2"],
    "style/losses.json": ["x=TENSOR", "content=PHOTO", "style=PAINTING"],
    "style/microast.json": ["content=PHOTO", "style=PAINTING", "size=64"],
    "style/neural-style.json": [
      "content=PHOTO", "style=PAINTING", "size=32", "steps=2", "more_styles=[\"in/photo.png\"]", "style_weights=[1,2]",
      "colour=original",
    ],
    "style/patches.json": [
      "content=PHOTO", "style=PAINTING", "size=64", "steps=2", "octaves=2", "octave_steps=2", "style_scales=[1,1.05]",
      "style_angles=[0,7.5]",
    ],
    "style/photo.json": ["content=PHOTO", "style=PAINTING", "size=32"],
    "style/reconstruct.json": [
      "photo=PHOTO", "size=32", "steps=1", "fourth=relu3_3", "fifth=relu3_4",
    ],
    "style/style-swap.json": ["content=PHOTO", "style=PAINTING", "size=48", "by=optimisation", "steps=2"],
    "style/super-resolution.json": ["photo=PHOTO", "tile=40"],
    "style/terms.json": ["x=TENSOR", "style=TENSOR"],
    "style/transfer.json": [
      "content=PHOTO", "style=PAINTING", "size=64", "steps=3", "init=blend", "save_every=1", "octaves=2",
      "octave_steps=1", "colour=luminance",
    ],
    "style/wasserstein.json": [
      "content=PHOTO", "style=PAINTING", "size=32", "steps=2", "octaves=2", "octave_steps=2",
      "style_layers=[\"relu1_1\",\"relu2_1\"]", "style_layer_weights=[1]",
    ],
    "style/wct-op.json": ["content=FEATURES", "style=FEATURES"],
    "style/wct.json": ["content=PHOTO", "style=PAINTING", "size=32", "from=3"],
    "templates/features.json": ["photo=PHOTO", "size=48"],
    "templates/thumbnail.json": ["photo=PHOTO", "size=16"],
    "train/face-encoder.json": [
      "faces=CLASSES", "people=2", "batch=2", "size=16", "width=2", "features=8", "steps=1",
    ],
    "train/lipstick.json": ["plain=FOLDER", "painted=FOLDER", "pairs=2", "batch=1", "epochs=1"],
    "train/transform-net.json": [
      "pictures=CLASSES", "style=PAINTING", "size=16", "style_size=32", "steps=1", "width=2",
    ],
    "train/triplet.json": [
      "faces=CLASSES", "people=2", "each=2", "size=16", "width=2", "features=8", "steps=1",
    ],
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
          "c": { "from": "painting", "save": "classes/a/2.png" }, "d": { "from": "photo", "save": "classes/b/2.png" }
        }
      }
      """, "pictures.json")
    let made = try program.run(["run", "pictures.json", "--out", "in"])
    try #require(made.status == 0, "\(made.errors)")
    try program.write(
      (0..<40).map { "\(cos(Double($0))),\(sin(Double($0))),\(Double($0 % 8) - 3.5)\n" }.joined(), "in/embeddings.csv")
    try program.write((0..<40).map { "person \($0 % 8)\n" }.joined(), "in/labels.csv")
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
