import TestSupport
import Testing

@testable import Kernels

@Suite struct BytePlanesTests {
  static let bytes = (0...255).map { Float($0) }

  @Test(arguments: InstructionSet.supported) func everyByteLandsInItsPlane(set: InstructionSet) throws {
    let orders = [[0], [1, 0], [0, 1, 2], [2, 1, 0], [1, 2, 0], [3, 0, 2, 1], [2, 0]]
    for (index, order) in orders.enumerated() {
      let channels = max(order.max()! + 1, index % 2 == 0 ? 3 : 4)
      let x = PillowResizeTests.picture(Extent(7, 33), channels: channels)
      for divisor: Float in [1, 255] {
        let values = Self.bytes.map { $0 / divisor }
        let scale = order.map { 0.5 + 0.25 * Float($0) }
        let shift = order.map { Float($0) - 1.5 }
        for affine in [nil, (scale: scale, shift: shift)] {
          let planes = try #require(BytePlanes(channels: channels, order: order, values: values, affine: affine))
          var y = [Float](repeating: .nan, count: order.count * 231)
          set.forced {
            planes.run(pixels: 100..<231, area: 231, x: x, y: &y)
            planes.run(pixels: 0..<100, area: 231, x: x, y: &y)
          }
          let expected = (0..<y.count).map { place -> Double in
            let (plane, pixel) = (place / 231, place % 231)
            let value = Double(values[Int(x[pixel * channels + order[plane]])])
            return affine == nil ? value : value * Double(scale[plane]) + Double(shift[plane])
          }
          #expect(largestError(y, expected) < (affine == nil ? 1e-30 : 2e-5), "\(order) \(divisor)")
        }
      }
    }
  }

  @Test func otherNumbersAreLeftToTables() {
    #expect(BytePlanes(channels: 3, order: [0, 1, 2], values: Self.bytes.map { $0 / 127.5 - 1 }) == nil)
    #expect(BytePlanes(channels: 5, order: [0], values: Self.bytes) == nil)
    #expect(BytePlanes(channels: 3, order: [0], values: [0, 1]) == nil)
  }
}
