import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Pictures of one pixel, one row and ten thousand columns through graphs that look into networks and that paint in one
/// pass: a picture, or what is too small is named with the node and the cause, before anything runs.
@Suite struct OddSizesTests {
  private static let pictures: [(name: String, width: Int, height: Int)] = [
    ("dot", 1, 1), ("row", 40, 1), ("hair", 10000, 1), ("wide", 10000, 48), ("waves", 40, 32),
  ]

  private func program() throws -> WeftProgram {
    let program = try WeftProgram()
    for (name, width, height) in Self.pictures {
      let pixels = Tensor(UInt8.self, shape: [height, width, 3]) { memory in
        for index in memory.indices {
          let (x, y) = (index / 3 % width, index / 3 / width)
          memory[index] = [UInt8(x * 5 % 256), UInt8(y * 7 % 256), UInt8((x * 3 + y) % 256)][index % 3]
        }
      }
      let image = Image(format: .rgb8, pixels: pixels)
      try ImageFile.write(image, to: program.folder.appendingPathComponent("\(name).png").path)
    }
    return program
  }

  @Test(arguments: [
    ("see/layers", ["photo=dot.png", "size=64", "layers=[\"relu1\",\"fire2\"]"]),
    ("see/deconvnet", ["photos=dot.png,hair.png", "size=64", "layer=fire2"]),
    ("see/deep-dream", ["photo=wide.png", "layers=[\"fire2\"]", "steps=1", "octaves=1"]),
    ("see/saliency", ["photo=hair.png", "size=64"]), ("see/classify", ["photo=dot.png"]),
    ("see/embedding", ["photos=dot.png,hair.png,wide.png", "size=64"]),
    ("style/fast", ["content=hair.png"]), ("style/microast", ["content=dot.png", "style=waves.png", "size=64"]),
    ("style/style-swap", ["content=dot.png", "style=waves.png", "size=32"]),
    ("style/adain", ["content=waves.png", "style=dot.png", "size=32", "style_size=32"]),
    ("style/wct", ["content=dot.png", "style=waves.png", "size=32", "from=3"]),
    ("style/photo", ["content=dot.png", "style=waves.png", "size=32"]),
  ])
  func `what the network can see is seen`(_ graph: String, _ arguments: [String]) throws {
    let program = try program()
    defer { program.remove() }
    let outcome = try program.run(["run", "\(graph).json"] + arguments + ["--out", "out"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test(arguments: [("dot", 2, 2), ("row", 80, 2), ("hair", 20000, 2), ("wide", 20000, 96)])
  func `every picture becomes twice as large`(_ name: String, _ width: Int, _ height: Int) throws {
    let program = try program()
    defer { program.remove() }
    let outcome = try program.run([
      "run", "style/super-resolution.json", "photo=\(name).png", "residual=true", "--mem", "250M", "--out", "out",
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let large = try ImageFile.read(program.folder.appendingPathComponent("out/\(name)-x2.png").path)
    #expect(large.width == width && large.height == height)
  }

  @Test(arguments: [
    ("see/layers", ["photo=hair.png", "size=64"], "nn.conv2d \"conv1\": x: dimension 2 is 1, smaller than the window"),
    ("see/deep-dream", ["photo=row.png"], "nn.conv2d \"conv1\": x: dimension 2 is 1, smaller than the window"),
    (
      "see/deep-dream", ["photo=wide.png", "layers=[\"fire8\"]"],
      "nn.max_pool \"pool5\": x: dimension 2 is 2, smaller than the window, which covers 3"
    ),
    (
      "style/style-swap", ["content=hair.png", "style=waves.png"],
      "nn.conv2d \"conv11\": x: dimension 2 is 1, too small to reflect a border of 1"
    ),
    (
      "style/adain", ["content=waves.png", "style=hair.png"],
      "nn.conv2d \"conv11\": x: dimension 2 is 1, too small to reflect a border of 1"
    ),
    (
      "style/adain", ["content=waves.png", "style=dot.png", "size=32"],
      "nn.conv2d \"conv11\": x: dimension 2 is 1, too small to reflect a border of 1"
    ),
    (
      "style/microast", ["content=wide.png", "style=waves.png"],
      "nn.conv2d \"conv1\": x: dimension 2 is 2, too small to reflect a border of 4"
    ),
  ])
  func `what is too thin is named`(_ graph: String, _ arguments: [String], _ message: String) throws {
    let program = try program()
    defer { program.remove() }
    let outcome = try program.run(["run", "\(graph).json"] + arguments + ["--out", "out"])
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!program.exists("out"))
  }
}
