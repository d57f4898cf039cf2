import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// Style transfer of films.
@Suite struct FilmTests {
  /// Four frames: a pattern that moves by three pixels a frame before a ground that stands still.
  private func frames(_ program: WeftProgram) throws {
    try FileManager.default.createDirectory(
      at: program.folder.appendingPathComponent("frames"), withIntermediateDirectories: true)
    for index in 0..<4 {
      var samples: [UInt8] = []
      for y in 0..<48 {
        for x in 0..<64 {
          let (u, v) = (Double(x - 3 * index), Double(y))
          let isMoving = (8 + 3 * index..<28 + 3 * index).contains(x) && (12..<32).contains(y)
          let grey = isMoving ? 120 + 60 * sin(u / 3 + v / 5) : 100 + 50 * cos(Double(x) / 6) * sin(v / 4)
          samples += [UInt8(grey), UInt8(min(255, grey + 30)), UInt8(200 - grey / 2)]
        }
      }
      try ImageFile.write(
        Image(format: .rgb8, pixels: Tensor(shape: [48, 64, 3], samples)),
        to: program.folder.appendingPathComponent("frames/\(index).png").path)
    }
    try program.write(
      """
      {
        "format": 1,
        "nodes": { "p": { "op": "image.procedural", "with": { "kind": "brushstrokes", "width": 48, "height": 48 } } },
        "outputs": { "painting": "p" }
      }
      """, "painting.json")
    try #require(try program.run(["run", "painting.json", "--out", "."]).status == 0)
  }

  private func run(_ program: WeftProgram, _ settings: [String]) throws -> [[Double]] {
    let outcome = try program.run(
      ["run", "style/film.json", "frames=frames", "style=painting.png", "size=64", "steps=8", "--out", "out"] + settings
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
    let table = try program.table("out/painting.csv")
    #expect(table.header == "total,content,style,flicker")
    return table.rows
  }

  @Test func `frames flicker less with consistency, and each is saved`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try frames(program)
    let free = try run(program, ["consistency_weight=0"])
    let held = try run(program, ["consistency_weight=1000"])
    try #require(free.count == 4 && held.count == 4)
    // The first frame has none before it.
    #expect(free[0][3] == 0 && held[0][3] == 0)
    for index in 1..<4 { #expect(held[index][3] < free[index][3] / 2, "\(held[index][3]), \(free[index][3])") }
    for index in 0..<4 {
      let frame = try ImageFile.read(program.folder.appendingPathComponent("out/painting/000\(index).png").path)
      #expect(frame.width == 64 && frame.height == 48)
    }
    #expect(try program.data("out/painting.apng").count > 1000)
  }

  @Test func `flow can be given`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    try frames(program)
    try program.write(
      """
      {
        "format": 1,
        "nodes": { "f": { "op": "math.constant", "with": { "shape": [1, 2, 48, 64] } } },
        "outputs": { "flow": { "from": "f", "save": "flow.npy" } }
      }
      """, "flow.json")
    try #require(try program.run(["run", "flow.json", "--out", "."]).status == 0)
    let rows = try run(program, ["flows=[\"flow.npy\",\"flow.npy\",\"flow.npy\",\"flow.npy\"]"])
    #expect(rows.count == 4 && rows[3][3] > 0)
  }
}
