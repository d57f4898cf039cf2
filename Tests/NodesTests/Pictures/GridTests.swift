import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct GridTests {
  let pictures = Value.list((1...3).map { .image(plain(.rgb8, height: 4, width: 6, [$0, $0, $0])) })

  @Test func `pictures lie side by side`() throws {
    let sheet = try run(Grid.op, ["images": pictures], ["columns": 3, "gap": 1])[0].image!
    #expect(sheet.width == 3 * 7 + 1 && sheet.height == 6)
    let samples = sheet.pixels.elements(UInt8.self)
    #expect([1, 8, 15].map { samples[(sheet.width + $0) * 3] } == [1, 2, 3])
    #expect(samples[0] == 255)
  }

  @Test func `numbers are shown with four digits`() throws {
    // As a literal it would be warned of: it has few digits of precision.
    let tiny = try #require(Double("1e-320"))
    #expect(
      [61.380298614, -0.000123456, 12345.6, 0, 100, tiny].map(Grid.short) == [
        "61.38", "-0.0001235", "12346", "0", "100", CSVText.number(tiny),
      ])
  }

  @Test func `labels take texts and numbers`() throws {
    let labels = Value.list([.string("a"), .int(100), .number(0.5)])
    let sheet = try run(Grid.op, ["images": pictures, "labels": labels], ["columns": 1])[0].image!
    let bare = try run(Grid.op, ["images": pictures], ["columns": 1])[0].image!
    #expect(sheet.height > bare.height)
    #expect(
      message { _ = try run(Grid.op, ["images": .list([.int(1)])]) }
        == "port \"images\" needs a list of images, but an integer arrived")
  }
}
