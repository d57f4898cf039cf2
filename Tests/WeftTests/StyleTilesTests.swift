import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// A picture painted tile by tile against the same picture painted as a whole.
@Suite struct StyleTilesTests {
  private func program() throws -> WeftProgram {
    let program = try WeftProgram()
    try program.write(
      """
      {
        "format": 1,
        "nodes": {
          "photo": { "op": "image.procedural", "with": { "kind": "mountains", "width": 134, "height": 101, "seed": 7 } },
          "painting": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 90, "height": 84, "seed": 3 } },
          "other": { "op": "image.procedural", "with": { "kind": "checker", "width": 80, "height": 90, "cell": 9 } },
          "mask": { "op": "image.procedural", "with": { "kind": "checker", "width": 134, "height": 101, "cell": 50 } },
          "x": { "op": "image.to_tensor", "in": { "image": "mask" } },
          "y": { "op": "math.scale", "in": { "x": "x" }, "with": { "by": -1, "offset": 1 } },
          "rest": { "op": "image.from_tensor", "in": { "x": "y" } }
        },
        "outputs": { "photo": "photo", "painting": "painting", "other": "other", "mask": "mask", "rest": "rest" }
      }
      """, "pictures.json")
    try #require(try program.run(["run", "pictures.json", "--out", "in"]).status == 0)
    return program
  }

  private struct Painted {
    let rows: [[Double]]
    let pixels: [UInt8]
  }

  /// The same picture painted as a whole and in tiles.
  private func paint(_ settings: [String], in program: WeftProgram) throws -> (whole: Painted, tiled: Painted) {
    var painted: [Painted] = []
    for tile in [0, 32] {
      let outcome = try program.run(
        [
          "run", "style/transfer.json", "content=in/photo.png", "style=in/painting.png", "size=134", "style_size=90",
          "content_layers=[\"relu2_2\",\"relu3_1\"]", "style_layers=[\"relu1_1\",\"relu2_1\",\"relu3_1\"]",
          "style_weight=100", "tile=\(tile)", "margin=32", "--out", "out\(tile)",
        ] + settings)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let table = try program.table("out\(tile)/photo-painting.csv")
      #expect(table.header == "total,content,style,tv,grad_norm")
      let picture = try ImageFile.read(program.folder.appendingPathComponent("out\(tile)/photo-painting.png").path)
      painted.append(Painted(rows: table.rows, pixels: picture.pixels.elements(UInt8.self)))
    }
    try #require(painted[0].rows.count == painted[1].rows.count)
    return (painted[0], painted[1])
  }

  /// - Parameter limits: of the relative difference, of the first row and of the others.
  private func compare(_ a: Painted, _ b: Painted, limits: (Double, Double)) {
    for (index, (whole, tiled)) in zip(a.rows, b.rows).enumerated() {
      for column in 0..<5 where abs(whole[column]) > 1e-7 {
        let error = abs(tiled[column] - whole[column]) / abs(whole[column])
        #expect(
          error < (index == 0 ? limits.0 : limits.1),
          "row \(index) column \(column): \(tiled[column]) for \(whole[column])")
      }
    }
  }

  @Test(arguments: ["gram", "wasserstein", "moments"])
  func `losses, gradient and picture are those of the whole`(_ term: String) throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(["steps=4", "optimizer=adam", "lr=0.02", "style_term=\(term)"], in: program)
    #expect(whole.rows.count == 4)
    // Adam's first steps follow the sign of the gradient: where that is nearly 0, rounding decides which way, and the
    // matrix roots of the Wasserstein distance round most. The first evaluation has no such history.
    compare(whole, tiled, limits: (1e-5, term == "wasserstein" ? 1e-3 : 1e-4))
    let apart = zip(whole.pixels, tiled.pixels).filter { abs(Int($0) - Int($1)) > 1 }.count
    #expect(apart <= (term == "wasserstein" ? whole.pixels.count / 500 : 0), "\(apart) of \(whole.pixels.count)")
  }

  @Test(arguments: ["gram", "wasserstein", "moments"])
  func `regions, further styles and averages are tiled as well`(_ term: String) throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(
      [
        "steps=3", "optimizer=sgd", "lr=0.001", "style_term=\(term)", "more_styles=in/other.png", "style_weights=2,1",
        "masks=in/mask.png,in/rest.png", "style_masks=in/rest.png,in/mask.png", "average=0.9", "tv=nine_point",
      ], in: program)
    compare(whole, tiled, limits: (1e-5, 1e-4))
    #expect(zip(whole.pixels, tiled.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test func `L-BFGS descends over the whole canvas`() throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(["steps=8", "optimizer=lbfgs", "octaves=2", "octave_steps=3"], in: program)
    #expect(whole.rows.count == 8)
    // Other sizes take other convolutions (F(4, 3) or F(6, 3)), whose rounding L-BFGS carries on from step to step.
    compare(whole, tiled, limits: (1e-4, 2e-3))
    #expect(zip(whole.pixels, tiled.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test func `what cannot be tiled is refused before anything runs`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    for (setting, message) in [
      (
        ["style_term=patch"],
        "param \"style_term\" cannot be \"patch\"; it is one of \"gram\", \"wasserstein\", \"moments\""
      ), (["normalise_gradients=true"], "param \"normalise_gradients\" cannot be true; it is one of false"),
    ] {
      let outcome = try program.run(["check", "style/transfer.json", "tile=64"] + setting)
      let text = outcome.errors + outcome.output
      #expect(outcome.status == 2 && text.contains(message), "\(text)")
    }
  }
}
