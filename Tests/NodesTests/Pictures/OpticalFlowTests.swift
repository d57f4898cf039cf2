import Foundation
import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct OpticalFlowTests {
  /// A pattern without repetition within reach, moved by whole and half pixels.
  private func frame(_ dx: Double, _ dy: Double) -> Image {
    var samples: [UInt8] = []
    for y in 0..<48 {
      for x in 0..<64 {
        let (u, v) = (Double(x) - dx, Double(y) - dy)
        samples.append(UInt8(128 + 50 * sin(u / 5 + v / 11) + 40 * cos(v / 4 - u / 17)))
      }
    }
    return Image(format: .grey8, pixels: Tensor(shape: [48, 64, 1], samples))
  }

  @Test(arguments: [(0.0, 0.0), (2.0, -1.0), (-4.5, 3.0)]) func `a shift is found, and is reliable inside`(
    _ dx: Double, _ dy: Double
  ) throws {
    let results = try run(OpticalFlow.op, ["image": .image(frame(dx, dy)), "before": .image(frame(0, 0))])
    let (flow, reliable) = (
      try #require(results[0].tensor).elements(Float.self), try #require(results[1].tensor).elements(Float.self)
    )
    // As far inside as a window and the shift reach at half the size.
    for y in 16..<32 {
      for x in 18..<46 {
        #expect(abs(Double(flow[y * 64 + x]) + dx) < 0.25, "x at \(x), \(y): \(flow[y * 64 + x])")
        #expect(abs(Double(flow[48 * 64 + y * 64 + x]) + dy) < 0.25, "y at \(x), \(y)")
        #expect(reliable[y * 64 + x] == 1)
      }
    }
  }

  @Test func `a picture is moved along the flow`() throws {
    let x = Tensor(shape: [1, 1, 2, 4], [0, 1, 2, 3, 4, 5, 6, 7] as [Float])
    let flow = Tensor(shape: [1, 2, 2, 4], [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, -1, -1, -1, -1] as [Float])
    let moved = try run(Displace.op, ["x": .tensor(x), "flow": .tensor(flow)])[0].tensor
    #expect(moved?.elements(Float.self) == [1, 2, 3, 3, 0.5, 1.5, 2.5, 3])
    #expect(
      message { _ = try run(Displace.op, ["x": .tensor(x), "flow": .tensor(x)]) }
        == "the sizes [1, 1, 2, 4] and [1, 1, 2, 4] do not belong together")
  }

  @Test func `frames of different sizes are refused`() {
    let small = Image(format: .grey8, pixels: .zeros(.u8, shape: [4, 5, 1]))
    #expect(
      message { _ = try run(OpticalFlow.op, ["image": .image(frame(0, 0)), "before": .image(small)]) }
        == "the sizes [48, 64] and [4, 5] do not belong together")
  }
}
