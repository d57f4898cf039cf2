import Foundation
import TestSupport
import Testing

/// Every recipe of style transfer with every control of `style/transfer.json` at once.
@Suite struct StyleControlsTests {
  private static let recipes = [
    "transfer", "portrait", "frame", "gatys-torch", "gatys-tf", "gatys-coursera", "gatys-cs231n", "gatys-v1",
    "neural-style", "wasserstein", "patches",
  ]

  /// The network that ships, few steps at two sizes, two styles, colours and smoothness.
  private static let common = [
    "network=vgg-mini", "stats=auto", "content_layers=relu3_1", "content_layer_weights=1",
    "style_layers=relu1_1,relu2_1", "style_layer_weights=2,1", "style_weights=2,1", "style_scale=0.75",
    "colour=original", "octaves=2", "octave_steps=1", "steps=2", "tv=nine_point", "tv_weight=0.1", "save_every=1",
  ]

  private func program() throws -> WeftProgram {
    let program = try WeftProgram()
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 96, "height": 72 } },
          "painting": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 64, "height": 64 } },
          "other": { "op": "image.procedural", "with": { "kind": "checker", "width": 72, "height": 64, "cell": 9 } },
          "mask": { "op": "image.procedural", "with": { "kind": "checker", "width": 72, "height": 54, "cell": 40 } }
        },
        "outputs": { "photo": "photo", "painting": "painting", "other": "other", "mask": "mask" }
      }
      """, "pictures.json")
    try #require(try program.run(["run", "pictures.json", "--out", "in"]).status == 0)
    return program
  }

  private func run(_ recipe: String, _ settings: [String], in program: WeftProgram) throws -> [String: Any] {
    let outcome = try program.run(
      ["run", "style/\(recipe).json"] + StyleControlsTests.common + settings + ["--json", "--out", "out"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(outcome.items.first?["outputs"] as? [String: Any])
  }

  /// The result's size, in whichever way the recipe takes it.
  private func size(_ recipe: String, _ width: Int, _ height: Int) -> [String] {
    ["gatys-torch", "gatys-coursera"].contains(recipe) ? ["width=\(width)", "height=\(height)"] : ["size=\(width)"]
  }

  @Test(arguments: recipes) func `controls work together`(_ recipe: String) throws {
    let program = try program()
    defer { program.remove() }
    let outputs = try run(
      recipe,
      [
        "content=in/photo.png", "style=in/painting.png", "more_styles=in/other.png", "masks=in/mask.png,in/photo.png",
        "style_masks=in/mask.png,in/other.png",
      ] + size(recipe, 96, 72) + (recipe == "portrait" ? ["identity_weight=null"] : []), in: program)
    let table = try program.table("out/photo-painting.csv")
    #expect(table.rows.count == 2 && table.rows.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(!table.header.contains("identity") && outputs["similarity"] == nil)
    // The start, and the picture after each step.
    #expect((outputs["pictures"] as? [Any])?.count == 3)
  }

  /// Faces choose the regions, an encoder keeps the likeness, and all that in tiles where the loss is a sum over places.
  @Test(.enabled(if: Assets.present, "\(Assets.absent)"), arguments: recipes)
  func `faces and tiles join them`(_ recipe: String) throws {
    let program = try program()
    defer { program.remove() }
    let outputs = try run(
      recipe,
      [
        "content=\(Assets.path("face/photos/t1.jpg"))", "style=in/painting.png", "more_styles=in/other.png",
        "region=face", "identity_weight=1", "detector=\(Assets.path("face/yunet/yunet_n_dynamic.onnx"))",
        "encoder=\(Assets.path("face/mobilefacenet/mobilefacenet.onnx"))", "encoder_mean=127.5", "encoder_std=128",
        "landmarker=\(Assets.path("face/pfld/pfld.onnx"))",
      ] + size(recipe, 192, 134) + (recipe == "patches" ? [] : ["tile=96", "margin=32"]), in: program)
    let similarity = try #require(outputs["similarity"] as? [String: Double])
    #expect(try #require(similarity["before"]) > 0.7 && #require(similarity["after"]) < 1.001)
  }

  @Test(arguments: ["gatys-torch", "neural-style", "wasserstein"]) func `any recipe paints a film`(_ recipe: String)
    throws
  {
    let program = try program()
    defer { program.remove() }
    let outcome = try program.run(
      [
        "run", "style/film.json", "recipe=style/\(recipe).json", "frames=in/photo.png,in/photo.png",
        "style=in/painting.png",
      ]
        + StyleControlsTests.common.filter { !$0.hasPrefix("style_weights") } + size(recipe, 96, 72) + [
          "consistency_weight=1000", "--out", "out",
        ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let table = try program.table("out/painting.csv")
    #expect(table.header == "total,content,style,flicker")
    #expect(table.rows.count == 2 && table.rows[0][3] == 0 && table.rows[1][3] >= 0)
  }
}
