import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Another's face in a photo, with real networks.
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct FaceSwapTests {
  private func run(_ settings: [String], in program: WeftProgram) throws -> [String: Double] {
    let outcome = try program.run(
      [
        "run", "style/face-swap.json", "photo=\(Assets.path("face/openface_examples/lennon-2.jpg"))",
        "face=\(Assets.path("face/openface_examples/carell.jpg"))",
        "landmarker=\(Assets.path("face/pfld/pfld.onnx"))",
        "model=\(Assets.path("style/vgg19_to_relu3_4/vgg19_block1-3.hwio.safetensors"))",
        "encoder=\(Assets.path("face/mobilefacenet/mobilefacenet.onnx"))", "encoder_mean=127.5", "encoder_std=128",
        "size=400", "face_size=112", "feather=3", "--json", "--out", "out",
      ] + settings)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let outputs = try #require(outcome.items.first?["outputs"] as? [String: Any])
    return try #require(outputs["likeness"] as? [String: Double])
  }

  private func pixels(_ path: String) throws -> Image { try ImageFile.read(path).converted(to: .rgb8) }

  @Test func `toward the photo more of its face is left`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let (other, own) = try (run(["steps=12"], in: program), run(["steps=12", "toward=photo"], in: program))
    let (without, with) = (try #require(other["result_to_photo"]), try #require(own["result_to_photo"]))
    #expect(with > without + 0.05, "\(with), without \(without)")
  }

  /// To this encoder strangers are alike by less than 0.1, photos of one person by about 0.4 and more.
  @Test func `the photo shows the other person, and nothing else of it changes`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let likeness = try run(["steps=4"], in: program)
    let (before, after) = (try #require(likeness["photo_to_face"]), try #require(likeness["result_to_face"]))
    let left = try #require(likeness["result_to_photo"])
    #expect(before < 0.1 && after > 0.4 && after > left + 0.1, "\(likeness)")
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": { "type": "file" } },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "fit": { "op": "image.resize", "in": { "image": "load" }, "with": { "longest": 400 } }
        },
        "outputs": { "fit": { "from": "fit", "save": "fit.png" } }
      }
      """, "fit.json")
    let photo = Assets.path("face/openface_examples/lennon-2.jpg")
    try #require(try program.run(["run", "fit.json", "photo=\(photo)", "--out", "in"]).status == 0)
    let folder = program.folder
    let (old, new, mask) = try (
      pixels(folder.appendingPathComponent("in/fit.png").path),
      pixels(folder.appendingPathComponent("out/lennon-2-carell.png").path),
      pixels(folder.appendingPathComponent("out/lennon-2-carell-mask.png").path)
    )
    try #require(old.width == new.width && old.height == new.height && mask.height == new.height)
    var (outside, inside) = (0, 0)
    let (was, now) = (old.pixels.elements(UInt8.self), new.pixels.elements(UInt8.self))
    for (index, share) in mask.pixels.elements(UInt8.self).enumerated() where was[index] != now[index] {
      if share == 0 { outside += 1 }
      if share == 255 { inside += 1 }
    }
    #expect(outside == 0 && inside > 3000, "\(outside) outside, \(inside) inside")
  }
}
