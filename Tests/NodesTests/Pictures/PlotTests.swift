import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct PlotTests {
  let table = Table(columns: ["loss", "rate"], rows: (0..<50).map { [100 / Double($0 + 1), Double($0)] })

  /// Rows and columns of the pixels of one colour.
  func places(_ image: Image, _ colour: [UInt8]) -> [(x: Int, y: Int)] {
    let samples = image.pixels.elements(UInt8.self)
    return (0..<image.width * image.height).filter { Array(samples[$0 * 3..<$0 * 3 + 3]) == colour }
      .map { ($0 % image.width, $0 / image.width) }
  }

  @Test func `a falling curve falls on the picture`() throws {
    let image = try run(Plot.op, ["table": .table(table)], ["width": 300, "height": 200])[0].image!
    #expect(image.width == 300 && image.height == 200)
    let line = places(image, [31, 119, 180]).filter { $0.y > 30 }
    let (start, end) = (line.min { $0.x < $1.x }!, line.max { $0.x < $1.x }!)
    #expect(start.x < 80 && end.x > 275 && start.y < 45 && end.y > 150)
  }

  @Test func `columns are chosen and what cannot be shown is left out`() throws {
    let both = try run(Plot.op, ["table": .table(table)], ["columns": ["loss", "rate"], "log": true])[0].image!
    #expect(places(both, [31, 119, 180]).count > 100 && places(both, [255, 127, 14]).count > 100)
    #expect(
      message { _ = try run(Plot.op, ["table": .table(table)], ["columns": ["lss"]]) }
        == "the table has no column \"lss\" (did you mean \"loss\"?); it has loss, rate")
    #expect(
      message { _ = try run(Plot.op, ["table": .table(Table(columns: ["a"], rows: [[.nan]]))]) }
        == "there is no finite number to plot in a")
  }
}
