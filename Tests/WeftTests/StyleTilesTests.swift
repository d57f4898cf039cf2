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
  private func paint(
    _ settings: [String], of content: String = "photo", tile: Int = 32, by recipe: String = "transfer",
    in program: WeftProgram
  ) throws -> (whole: Painted, tiled: Painted) {
    var painted: [Painted] = []
    for tile in [0, tile] {
      let outcome = try program.run(
        [
          "run", "style/\(recipe).json", "content=in/\(content).png", "style=in/painting.png", "size=134",
          "style_size=90",
          "content_layers=[\"relu2_2\",\"relu3_1\"]", "style_layers=[\"relu1_1\",\"relu2_1\",\"relu3_1\"]",
          "style_weight=100", "tile=\(tile)", "margin=32", "--out", "out\(tile)",
        ] + settings)
      try #require(outcome.status == 0, "\(outcome.errors)")
      let table = try program.table("out\(tile)/\(content)-painting.csv")
      #expect(table.header == "total,content,style,tv,grad_norm")
      let picture = try ImageFile.read(program.folder.appendingPathComponent("out\(tile)/\(content)-painting.png").path)
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
    // matrix roots of the Wasserstein distance round most: one tile of the whole picture differs as much from the whole
    // picture, by the order of the sums alone. The first evaluation has no such history, and plain descent (below) keeps
    // it small.
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

  /// The smaller sizes are tiled as well, Adam's averages go on from each to the next, and the result is an average.
  @Test func `a recipe of several sizes is tiled at each`() throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(
      [
        "network=vgg-mini", "stats=auto", "style_layer_weights=1", "octaves=3", "octave_steps=2", "steps=3",
        "pooling=max",
      ], by: "wasserstein", in: program)
    // The first row comes after six steps of Adam at smaller sizes: one tile of the whole picture leaves it by as much.
    compare(whole, tiled, limits: (1e-3, 1e-3))
    let apart = zip(whole.pixels, tiled.pixels).filter { abs(Int($0) - Int($1)) > 1 }.count
    #expect(apart <= whole.pixels.count / 500, "\(apart) of \(whole.pixels.count)")
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

  /// Lengths of gradients are added up over the tiles before any gradient is scaled by them; a layer without weight has
  /// none.
  @Test(arguments: ["transfer", "neural-style"]) func `normalised gradients have the length of the whole's`(
    _ recipe: String
  ) throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(
      ["normalise_gradients=true", "optimizer=adam"]
        + (recipe == "transfer"
          ? [
            "steps=3", "lr=0.02", "more_styles=in/other.png", "masks=in/mask.png,in/rest.png",
            "style_weights=2,1", "style_layer_weights=1,0,2",
          ] : ["network=vgg-mini", "steps=3", "octaves=2", "octave_steps=2"]),
      by: recipe, in: program)
    compare(whole, tiled, limits: (1e-5, 1e-4))
    #expect(zip(whole.pixels, tiled.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  /// Patches that reach over the border of two tiles are sought by both, and count where they lie.
  @Test(arguments: [
    ["more_styles=in/other.png", "masks=in/mask.png,in/rest.png", "style_masks=in/rest.png,in/mask.png", "octaves=1"],
    ["more_styles=in/other.png", "octaves=2", "octave_steps=2"],
    ["normalise_gradients=true", "style_scales=1,0.8", "octaves=1"],
  ]) func `nearest patches are sought tile by tile`(_ settings: [String]) throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(
      ["network=vgg-mini", "stats=auto", "steps=3", "optimizer=adam", "lr=2"] + settings, by: "patches", in: program)
    compare(whole, tiled, limits: (1e-5, 1e-4))
    let apart = zip(whole.pixels, tiled.pixels).filter { abs(Int($0) - Int($1)) > 1 }.count
    // Adam divides each pixel's gradient by its size: where it is nearly 0, rounding decides which way the pixel goes.
    #expect(apart <= whole.pixels.count / 1000, "\(apart) of \(whole.pixels.count)")
  }

  /// Where a picture is flat, max pooling takes the largest of equal numbers, and what rounding it was made with decides
  /// which pixel the gradient goes to. By plain sums equal numbers are equal; by others, in tiles of 32, half of these
  /// pixels differ, by up to 87 of 255, and the losses by 6e-3 after one step.
  @Test func `a flat picture is that of the whole by plain sums`() throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(
      ["network=vgg19", "stats=caffe", "exact=true", "steps=2", "optimizer=sgd", "lr=0.001"], of: "mask", tile: 64,
      in: program)
    compare(whole, tiled, limits: (1e-5, 1e-5))
    #expect(zip(whole.pixels, tiled.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  /// The first step of L-BFGS is one over the gradient's l1 norm long, here two units in the last place of a pixel, and
  /// its second is measured by how the gradient changed over the first: by 7e-6. The gradients of tiles and whole are
  /// 1e-7 apart, which is 2 % of that change, so that the second step is another by 8e-4 and the third row of the log
  /// with it. Until then every patch of both runs has chosen the same patch of the style.
  @Test func `L-BFGS with nearest patches is that of the whole until it divides by its first step`() throws {
    let program = try program()
    defer { program.remove() }
    let (whole, tiled) = try paint(
      ["network=vgg-mini", "stats=auto", "steps=3", "optimizer=lbfgs", "octaves=2", "octave_steps=3"],
      by: "patches", in: program)
    compare(
      Painted(rows: Array(whole.rows.prefix(2)), pixels: []), Painted(rows: Array(tiled.rows.prefix(2)), pixels: []),
      limits: (1e-6, 1e-6))
    compare(whole, tiled, limits: (1e-6, 5e-3))
  }

  @Test func `tiles that patches do not fit are refused`() throws {
    let program = try program()
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/patches.json", "content=in/photo.png", "style=in/painting.png", "tile=32", "margin=32",
      "patch_stride=3",
    ])
    #expect(
      outcome.status == 2
        && outcome.errors.contains("params \"size\" 32 and \"margin\" 32 must be multiples of \"grid\", which is 48"),
      "\(outcome.errors)")
  }
}
