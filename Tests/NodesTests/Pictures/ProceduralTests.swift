import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct ProceduralTests {
  @Test(arguments: ["mountains", "brushstrokes", "clouds", "checker", "gradient", "noise"])
  func `each kind has the size asked for and repeats`(_ kind: String) throws {
    let settings: [String: Literal] = ["kind": .string(kind), "width": 24, "height": 16]
    let image = try run(Procedural.op, [:], settings)[0].image!
    #expect(image.width == 24 && image.height == 16 && image.format == .rgb8)
    #expect(try run(Procedural.op, [:], settings, seed: 9)[0].image == image)
    #expect(Set(image.pixels.elements(UInt8.self)).count > 1)
    #expect(try infer(Procedural.op, [:], settings) == ["image<rgb8>[16,24]"])
  }

  @Test func `the seed param makes another picture`() throws {
    func noise(_ seed: Int) throws -> Image? {
      try run(Procedural.op, [:], ["kind": "noise", "width": 8, "height": 8, "seed": .int(seed)])[0].image
    }
    #expect(try noise(1) != noise(2))
  }
}
