import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ImageLoadTests {
  /// Two rows, three columns, every sample different.
  let picture = Image(format: .rgb8, pixels: Tensor(shape: [2, 3, 3], (0..<18).map { UInt8($0 * 10) }))

  @Test func `a file becomes pixels of the format asked for`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.png")
    try ImageFile.write(picture, to: path)
    #expect(try run(ImageLoad.op, ["file": .file(path)])[0].image == picture)
    let grey = try run(ImageLoad.op, ["file": .file(path)], ["as": "grey8"])[0].image
    #expect(grey == picture.converted(to: .grey8))
    let deep = try run(ImageLoad.op, ["file": .file(path)], ["as": "rgb16"])[0].image
    #expect(deep == picture.converted(to: .rgb16))
  }

  @Test func `alpha is dropped or laid over a colour`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.png")
    let half = plain(.rgba8, height: 1, width: 1, [100, 100, 100, 0])
    try ImageFile.write(half, to: path)
    #expect(
      try run(ImageLoad.op, ["file": .file(path)])[0].image == plain(.rgb8, height: 1, width: 1, [100, 100, 100]))
    #expect(
      try run(ImageLoad.op, ["file": .file(path)], ["background": "#ff0000"])[0].image
        == plain(.rgb8, height: 1, width: 1, [255, 0, 0]))
    #expect(
      message { _ = try run(ImageLoad.op, ["file": .file(path)], ["background": "reddish"]) }
        == "param \"background\" is no colour: \"reddish\"; a colour is a name (white, black, grey, red, green, blue, "
        + "yellow, transparent), #rgb, #rrggbb or #rrggbbaa")
  }

  @Test func `the size comes from the header, reduced as asked`() throws {
    struct Probe: FileProbe {
      func image(_ path: String) -> ImageType? {
        path == "a.jpg" ? ImageType(format: .rgb8, height: 61, width: 40) : nil
      }
      func weights(_ path: String) throws(Fault) -> [String: TensorType]? { nil }
    }
    func type(_ path: String, _ attributes: [String: Literal] = [:]) throws -> String {
      try infer(ImageLoad.op, ["file": "file"], attributes, known: ["file": .file(path)], probe: Probe())[0]
    }
    #expect(try type("a.jpg") == "image<rgb8>[61,40]")
    #expect(try type("a.jpg", ["as": "grey16"]) == "image<grey16>[61,40]")
    #expect(try type("a.jpg", ["scale": 0.5]) == "image<rgb8>[31,20]")
    #expect(try type("a.jpg", ["orientation": "ignore"]) == "image<rgb8>[H,W]")
    #expect(try type("other.jpg", ["as": "keep"]) == "image[H,W]")
    #expect(
      message { _ = try type("a.jpg", ["scale": 0.3]) } == "param \"scale\" must be a multiple of 1/8, but is 0.3")
  }

  @Test func `too many pixels and missing files are refused by name`() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.png")
    try ImageFile.write(picture, to: path)
    #expect(
      message { _ = try run(ImageLoad.op, ["file": .file(path)], ["max_pixels": 5]) }
        == "\(path): 3 × 2 pixels are above the limit of 5 pixels")
    #expect(
      message { _ = try run(ImageLoad.op, ["file": .file(path + "x")]) }
        == "cannot read \(path)x: No such file or directory")
  }
}
