import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Style transfer that keeps a face who it is, through a real encoder.
@Suite(.enabled(if: Assets.present, "\(Assets.absent)")) struct PortraitTests {
  private func run(_ settings: [String], _ program: WeftProgram) throws -> (before: Double, after: Double) {
    let outcome = try program.run(
      [
        "run", "style/portrait.json", "content=\(Assets.path("face/photos/t1.jpg"))",
        "style=\(Assets.path("style/verify/starry_night_128.png"))",
        "detector=\(Assets.path("face/yunet/yunet_n_dynamic.onnx"))",
        "encoder=\(Assets.path("face/mobilefacenet/mobilefacenet.onnx"))", "encoder_mean=127.5", "encoder_std=128",
        "size=192", "steps=12", "--json", "--out", "out",
      ] + settings)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let text = try program.data("out/t1-starry_night_128.json")
    let record = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Double])
    return (try #require(record["before"]), try #require(record["after"]))
  }

  @Test func `the identity term keeps the likeness that style alone loses`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    let alone = try run(["identity_weight=0"], program)
    let kept = try run(["identity_weight=10"], program)
    #expect(abs(alone.before - 1) < 1e-5)
    #expect(alone.after < 0.8 && kept.after > 0.95, "\(alone.after), \(kept.after)")
    let table = try program.table("out/t1-starry_night_128.csv")
    #expect(table.header == "total,content,style,tv,identity,grad_norm")
    #expect(abs(table.rows[0][4]) < 1e-5)
  }

  @Test func `a style that keeps to the face leaves the corners of the photo alone`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    _ = try run(
      [
        "region=face", "landmarker=\(Assets.path("face/pfld/pfld.onnx"))", "content_weight=0", "tv_weight=0",
        "identity_weight=0",
      ], program)
    let made = try ImageFile.read(program.folder.appendingPathComponent("out/t1-starry_night_128.png").path)
    try program.write(
      """
      {
        "format": 1,
        "inputs": { "photo": { "type": "file" } },
        "nodes": {
          "load": { "op": "image.load", "in": { "file": "@photo" } },
          "fit": { "op": "image.resize", "in": { "image": "load" }, "with": { "longest": 192 } }
        },
        "outputs": { "fit": { "from": "fit", "save": "fit.png" } }
      }
      """, "fit.json")
    let photo = Assets.path("face/photos/t1.jpg")
    try #require(try program.run(["run", "fit.json", "photo=\(photo)", "--out", "in"]).status == 0)
    let fit = try ImageFile.read(program.folder.appendingPathComponent("in/fit.png").path)
    try #require(fit.width == made.width && fit.height == made.height)
    let (old, new) = (fit.pixels.elements(UInt8.self), made.pixels.elements(UInt8.self))
    let changed = zip(old, new).filter { $0 != $1 }.count
    #expect(changed > 100 && changed < old.count / 3, "\(changed) of \(old.count)")
    #expect(old.prefix(3 * 20) == new.prefix(3 * 20) && old.suffix(3 * 20) == new.suffix(3 * 20))
  }
}
