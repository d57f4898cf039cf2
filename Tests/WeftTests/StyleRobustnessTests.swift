import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Style transfer of pictures that nobody meant it for.
@Suite struct StyleRobustnessTests {
  /// A program whose folder holds the pictures that `write` asks for.
  private func program(_ pictures: [(name: String, width: Int, height: Int, pixel: (Int, Int) -> [UInt8])]) throws
    -> WeftProgram
  {
    let program = try WeftProgram()
    for (name, width, height, pixel) in pictures {
      var samples: [UInt8] = []
      for y in 0..<height { for x in 0..<width { samples += pixel(x, y) } }
      let image = Image(format: .rgb8, pixels: Tensor(shape: [height, width, 3], samples))
      try ImageFile.write(image, to: program.folder.appendingPathComponent("\(name).png").path)
    }
    return program
  }

  private func waves(_ x: Int, _ y: Int) -> [UInt8] {
    [UInt8(128 + 90 * sin(Double(x) / 4)), UInt8(128 + 90 * cos(Double(y) / 5)), UInt8((x * 5 + y * 3) % 256)]
  }

  private func pixels(_ program: WeftProgram, _ path: String) throws -> [Int] {
    try ImageFile.read(program.folder.appendingPathComponent(path).path).converted(to: .rgb8).pixels.elements(
      UInt8.self
    ).map(Int.init)
  }

  @Test(arguments: [("black", "waves"), ("waves", "black"), ("black", "plain")])
  func `blank pictures are painted, with finite losses`(_ content: String, _ style: String) throws {
    let program = try program([
      ("black", 40, 32, { _, _ in [0, 0, 0] }), ("plain", 40, 32, { _, _ in [200, 180, 90] }), ("waves", 40, 32, waves),
    ])
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/transfer.json", "content=\(content).png", "style=\(style).png", "size=40", "steps=6", "--out",
      "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let rows = try program.table("out/\(content)-\(style).csv").rows
    #expect(rows.count > 0 && rows.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(rows.last![0] <= rows[0][0])
  }

  @Test func `a picture in its own style stays nearly as it is`() throws {
    let program = try program([("waves", 48, 40, waves)])
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/transfer.json", "content=waves.png", "style=waves.png", "size=48", "steps=20", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let (before, after) = (try pixels(program, "waves.png"), try pixels(program, "out/waves-waves.png"))
    let difference = zip(before, after).reduce(0.0) { $0 + abs(Double($1.0 - $1.1)) } / Double(before.count)
    #expect(difference < 3, "\(difference) of 255")
  }

  @Test func `what is too small for the network is said before anything runs`() throws {
    let program = try program([("dot", 1, 1, { _, _ in [9, 90, 200] }), ("waves", 40, 32, waves)])
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/transfer.json", "content=dot.png", "style=waves.png", "size=1", "steps=2", "--out", "out",
    ])
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.contains(
        "nn.max_pool \"pool1\": x: dimension 2 is 1, smaller than the window, which covers 2"), "\(outcome.errors)")
    // A style of one pixel is a plain colour.
    let plain = try program.run([
      "run", "style/transfer.json", "content=waves.png", "style=dot.png", "size=40", "steps=2", "--out", "out",
    ])
    #expect(plain.status == 0, "\(plain.errors)")
  }

  /// Ten thousand pixels become 256, and sixteen become one: less than their networks take.
  @Test(arguments: [
    ("reconstruct", ["photo=wide.png"], "nn.max_pool \"pool1\": x: dimension 2 is 1, smaller than the window"),
    ("inpaint", ["photo=wide.png", "mask=wide.png"], "nn.average_pool \"mean\": x: dimension 2 is 1, smaller than"),
  ])
  func `what is too thin is said before anything runs`(_ graph: String, _ inputs: [String], _ message: String) throws {
    let program = try program([("wide", 10000, 16, waves)])
    defer { program.remove() }
    let outcome = try program.run(
      ["run", "style/\(graph).json", "network=vgg-mini", "stats=imagenet", "steps=1", "--out", "out"] + inputs)
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!program.exists("out"))
  }

  @Test func `a picture ten thousand pixels wide is painted`() throws {
    let program = try program([("wide", 10000, 16, waves), ("waves", 40, 32, waves)])
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/transfer.json", "content=wide.png", "style=waves.png", "size=10000", "style_size=40", "steps=2",
      "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    #expect(try pixels(program, "out/wide-waves.png").count == 3 * 10000 * 16)
  }

  /// vgg-mini's relu3_1 looks 2 + 2 · 2 + 4 = 10 pixels around plus what pools shift: less than 24 in all.
  @Test func `nothing outside a region's receptive field is touched`() throws {
    let program = try program([
      ("photo", 96, 48, waves), ("style", 40, 32, { x, y in [UInt8(6 * x), UInt8(7 * y), 90] }),
      ("mask", 96, 48, { x, _ in x < 32 ? [255, 255, 255] : [0, 0, 0] }),
    ])
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/transfer.json", "content=photo.png", "style=style.png", "size=96", "style_size=40", "steps=3",
      "optimizer=adam", "lr=0.05", "content_weight=0", "tv_weight=0", "masks=[\"mask.png\"]",
      "style_layers=[\"relu1_1\",\"relu2_1\",\"relu3_1\"]", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let (before, after) = (try pixels(program, "photo.png"), try pixels(program, "out/photo-style.png"))
    var touched = Set<Int>()
    for (index, (old, new)) in zip(before, after).enumerated() where old != new { touched.insert(index / 3 % 96) }
    let last = try #require(touched.max())
    #expect(Set(0..<30).isSubset(of: touched))
    #expect(last < 32 + 24, "\(last)")
  }

  @Test func `a loss that is no number names its node and step`() throws {
    let program = try program([
      ("waves", 40, 32, waves), ("style", 32, 32, { x, y in [UInt8(8 * x), UInt8(7 * y), 9] }),
    ])
    defer { program.remove() }
    let arguments = [
      "run", "style/transfer.json", "content=waves.png", "style=style.png", "size=40", "steps=9", "optimizer=sgd",
      "lr=1e30", "clamp=null", "--out", "out",
    ]
    let outcome = try program.run(arguments)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("error[diverged]"), "\(outcome.errors)")
    #expect(outcome.errors.contains("at step 1; a smaller lr, or clamp, may keep it finite"), "\(outcome.errors)")
    #expect(outcome.errors.contains("in node paint/fine/paint (op optim.minimize)"), "\(outcome.errors)")
    let trapped = try program.run(arguments + ["--trap", "nan"])
    #expect(trapped.status == 1)
    #expect(trapped.errors.contains("step 1"), "\(trapped.errors)")
  }
}
