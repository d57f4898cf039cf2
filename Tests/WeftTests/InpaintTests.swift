import Foundation
import Images
import Tensors
import TestSupport
import Testing

/// `style/inpaint.json` with the network that ships.
@Suite struct InpaintTests {
  private static let (width, height) = (128, 96)

  private static func isHole(_ x: Int, _ y: Int) -> Bool { (50..<83).contains(x) && (32..<61).contains(y) }

  private func write(_ name: String, in program: WeftProgram, _ pixel: (Int, Int) -> [UInt8]) throws {
    var samples: [UInt8] = []
    for y in 0..<Self.height { for x in 0..<Self.width { samples += pixel(x, y) } }
    let image = Image(format: .rgb8, pixels: Tensor(shape: [Self.height, Self.width, 3], samples))
    try ImageFile.write(image, to: program.folder.appendingPathComponent("\(name).png").path)
  }

  private func pixels(_ path: String, in program: WeftProgram) throws -> [UInt8] {
    try ImageFile.read(program.folder.appendingPathComponent(path).path).converted(to: .rgb8).pixels.elements(
      UInt8.self)
  }

  /// At every size: what is hidden makes no difference, and what is not stays as it is.
  @Test func `the hole is filled from outside, and the outside stays`() throws {
    let program = try WeftProgram()
    defer { program.remove() }
    func stripes(_ x: Int, _ y: Int) -> [UInt8] { (x / 5 + y / 7) % 2 == 0 ? [200, 60, 40] : [30, 90, 170] }
    try write("plain", in: program, stripes)
    try write("other", in: program) { Self.isHole($0, $1) ? [255, UInt8(3 * $0), 0] : stripes($0, $1) }
    try write("mask", in: program) { Self.isHole($0, $1) ? [255, 255, 255] : [0, 0, 0] }
    for name in ["plain", "other"] {
      let outcome = try program.run([
        "run", "style/inpaint.json", "photo=\(name).png", "mask=mask.png", "size=\(Self.width)", "steps=4",
        "network=vgg-mini", "stats=imagenet", "save_every=2", "--out", "out",
      ])
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    let (photo, filled) = (try pixels("plain.png", in: program), try pixels("out/plain-filled.png", in: program))
    #expect(try filled == pixels("out/other-filled.png", in: program))
    var (outside, inside) = (0, 0)
    for (index, (old, new)) in zip(photo, filled).enumerated() where old != new {
      let place = index / 3
      if Self.isHole(place % Self.width, place / Self.width) { inside += 1 } else { outside += 1 }
    }
    #expect(outside == 0 && inside > 33 * 29, "\(outside) outside, \(inside) inside")
    let losses = try program.table("out/plain-filled.csv").rows
    #expect(losses.count == 4 && losses[3][0] < losses[0][0])
  }
}
