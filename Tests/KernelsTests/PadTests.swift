import TestSupport
import Testing

@testable import Kernels

@Suite struct PadTests {
  @Test(arguments: PadMode.allCases) func valuesAndGradientsFollowTheIndex(mode: PadMode) {
    var random = TestRandom(seed: 61)
    for pads in [
      Pads(), Pads(all: 2), Pads(top: 1, left: 0, bottom: 3, right: 2), Pads(top: -1, left: -2, bottom: 1, right: -1),
    ] {
      let pad = Pad(input: Extent(4, 5), pads: pads, mode: mode, value: 7)
      let x = random.floats(40)
      let dy = random.floats(2 * pad.output.height * pad.output.width)
      var y = [Float](repeating: .nan, count: dy.count)
      var dx = [Float](repeating: .nan, count: 40)
      pad.forward(planes: 0..<2, x: x, y: &y)
      pad.gradient(planes: 0..<2, dy: dy, dx: &dx)
      var slopes = [Double](repeating: 0, count: 40)
      func place(_ i: Int, _ n: Int) -> Int? {
        if (0..<n).contains(i) { return i }
        return mode == .zero ? nil : mode == .replicate ? min(max(i, 0), n - 1) : i < 0 ? -i : 2 * n - 2 - i
      }
      for index in y.indices {
        let (plane, rest) = index.quotientAndRemainder(dividingBy: pad.output.height * pad.output.width)
        let (row, column) = rest.quotientAndRemainder(dividingBy: pad.output.width)
        if let r = place(row - pads.top, 4), let c = place(column - pads.left, 5) {
          #expect(y[index] == x[plane * 20 + r * 5 + c])
          slopes[plane * 20 + r * 5 + c] += Double(dy[index])
        } else {
          #expect(y[index] == 7)
        }
      }
      #expect(largestError(dx, slopes) < 1e-6)
    }
  }
}
