import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct PlaceTests {
  func picture(_ height: Int, _ width: Int, _ value: (Int, Int) -> UInt8) -> Value {
    var pixels: [UInt8] = []
    for row in 0..<height { for column in 0..<width { for _ in 0..<3 { pixels.append(value(row, column)) } } }
    return .image(Image(format: .rgb8, pixels: Tensor(shape: [height, width, 3], pixels)))
  }

  func place(_ part: Value, _ matrix: [Float], _ attributes: [String: Literal]) throws -> [[UInt8]] {
    let result = try run(
      Place.op,
      ["image": picture(8, 10) { _, _ in 50 }, "part": part, "matrix": .tensor(Tensor(shape: [2, 3], matrix))],
      attributes)[0]
    guard case .image(let image) = result else { throw Fault("test", "no image") }
    let values = image.pixels.elements(UInt8.self)
    return (0..<8).map { row in (0..<10).map { values[(row * 10 + $0) * 3] } }
  }

  @Test func `a hard part covers its place and nothing else`() throws {
    let part = picture(2, 3) { UInt8(100 + 10 * $0 + $1) }
    let rows = try place(part, [1, 0, 4, 0, 1, 3], ["feather": 0, "left": 1, "top": 2])
    for row in 0..<8 {
      for column in 0..<10 {
        let isInside = (5...6).contains(row) && (5...7).contains(column)
        #expect(rows[row][column] == (isInside ? UInt8(100 + 10 * (row - 5) + column - 5) : 50))
      }
    }
  }

  @Test func `a quarter turn and a scale put it where the map says`() throws {
    // (x, y) lands at (5 - 2y, 1 + 2x).
    let part = picture(2, 3) { row, column in row == 0 && column == 2 ? 200 : 0 }
    let rows = try place(part, [0, -2, 5, 2, 0, 1], ["feather": 0])
    #expect(rows[5][5] == 200 && rows[1][5] == 0 && rows[1][3] == 0)
  }

  @Test func `a soft part fades towards its border`() throws {
    let rows = try place(picture(6, 8) { _, _ in 250 }, [1, 0, 1, 0, 1, 1], ["feather": 0.5])
    #expect(rows[0][4] == 50)
    #expect(rows[1][4] > 50 && rows[2][4] > rows[1][4] && rows[3][4] > rows[2][4])
    #expect(rows[3][4] < 250 && rows[3][4] > 230)
  }

  @Test func `a map without an inverse is refused`() throws {
    let part = picture(1, 1) { _, _ in 0 }
    #expect(message { _ = try place(part, [0, 0, 0, 0, 0, 0], [:]) }.hasSuffix("it has no inverse"))
  }
}
