import Language
import Tensors

/// Scenes with faces pasted into pictures, to train a detector from portraits.
public enum DataFaceScenes {
  public static let op = Op(
    "data.face_scenes",
    doc: """
      Made-up scenes for training a face detector: faces cut from portraits, turned by up to 25°, mirrored, relit and \
      laid with soft borders over parts of other pictures, beside patches without a face that are masked the same way. \
      x is grey 0..1; y [16, cells] says per cell of every stride whether a face's middle is there (row 0), whether the \
      cell counts (row 1), the box (2 to 5) and the five points (6 to 15), offsets in strides and logarithms of sizes \
      as YuNet writes them. Scene n is a function of the files, the seed and n.
      """,
    inputs: [
      Port("faces", "folder", .one, "pictures of one face; beside each NAME.json as face/detect.json saves it"),
      Port("backgrounds", "folder", .one, "pictures without faces"),
    ],
    outputs: [
      Port("x", "stream<tensor<f32>>", .one, "[1,size,size]"), Port("y", "stream<tensor<f32>>", .one, "[16,cells]"),
    ],
    params: SceneSettings.params,
    infer: { facts throws(Fault) in
      let settings = try SceneSettings(facts.attributes)
      return [.stream(.tensor(pictureType(settings))), .stream(.tensor(targetType(settings)))]
    },
    action: .host(
      Host(queue: .io, isCheap: true) { call throws(Fault) in
        let settings = try SceneSettings(call.attributes)
        let folders = (try call.path("faces"), try call.path("backgrounds"))
        let sources = try SceneSources(faces: folders.0, backgrounds: folders.1)
        let digest = try FileContent.digest(folders.0).with("\(try FileContent.digest(folders.1))")
          .with(call.attributes.canonical)
        let count = call.attributes.int("count")
        let x = DataStream(
          type: pictureType(settings), count: count, digest: digest.with("x"), source: folders.0
        ) { position, seed throws(Fault) in
          let scene = try Scene(settings, sources, position: position, seed: seed)
          return try ScenePainter.paint(scene, size: settings.size, sources: sources, position: position, seed: seed)
        }
        let y = DataStream(
          type: targetType(settings), count: count, digest: digest.with("y"), source: folders.0
        ) { position, seed throws(Fault) in
          SceneTargets.tensor(
            try Scene(settings, sources, position: position, seed: seed).targets, settings)
        }
        return [.stream(x), .stream(y)]
      }))

  private static func pictureType(_ settings: SceneSettings) -> TensorType {
    TensorType(
      dtype: .f32, shape: [1, Dim(settings.size), Dim(settings.size)],
      meaning: Meaning(colour: "grey", layout: "CHW", range: "0..1"))
  }

  private static func targetType(_ settings: SceneSettings) -> TensorType {
    TensorType(dtype: .f32, shape: [Dim(SceneTargets.rows), Dim(settings.cells)])
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(DataFaceScenes.op, $0) }
