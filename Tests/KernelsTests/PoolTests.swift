import TestSupport
import Testing

@testable import Kernels

@Suite struct PoolTests {
  static let windows: [PoolWindow] = [
    PoolWindow(input: Extent(4, 6), kernel: Extent(2, 2), stride: Extent(2, 2), output: Extent(2, 3)),
    PoolWindow(
      input: Extent(5, 7), kernel: Extent(3, 2), stride: Extent(2, 3), padTop: 1, padLeft: 1, output: Extent(3, 3)),
    // Ceil: the last window is cut.
    PoolWindow(input: Extent(5, 5), kernel: Extent(2, 2), stride: Extent(2, 2), output: Extent(3, 3)),
    PoolWindow(input: Extent(3, 3), kernel: Extent(3, 3), stride: Extent(1, 1), output: Extent(1, 1)),
  ]

  /// Calls `visit(y index, x indices)` for each output of one plane.
  static func each(_ w: PoolWindow, _ visit: (Int, [Int]) -> Void) {
    for oy in 0..<w.output.height {
      for ox in 0..<w.output.width {
        var places: [Int] = []
        for ky in 0..<w.kernel.height {
          for kx in 0..<w.kernel.width {
            let (y, x) = (oy * w.stride.height + ky - w.padTop, ox * w.stride.width + kx - w.padLeft)
            if y >= 0 && y < w.input.height && x >= 0 && x < w.input.width { places.append(y * w.input.width + x) }
          }
        }
        visit(oy * w.output.width + ox, places)
      }
    }
  }

  @Test func maximaAndTheirGradient() {
    var random = TestRandom(seed: 21)
    for w in Self.windows {
      let x = random.floats(2 * w.inputArea)
      let dy = random.floats(2 * w.outputArea)
      var y = [Float](repeating: .nan, count: dy.count)
      var places = [Int32](repeating: -9, count: dy.count)
      var dx = [Float](repeating: .nan, count: x.count)
      let pool = MaxPool(w)
      pool.forward(planes: 0..<2, x: x, y: &y, places: &places)
      pool.gradient(planes: 0..<1, dy: dy, places: places, dx: &dx)
      pool.gradient(planes: 1..<2, dy: dy, places: places, dx: &dx)
      var slopes = [Double](repeating: 0, count: x.count)
      for plane in 0..<2 {
        Self.each(w) { index, places in
          let best = places.max { x[plane * w.inputArea + $0] < x[plane * w.inputArea + $1] }!
          #expect(y[plane * w.outputArea + index] == x[plane * w.inputArea + best])
          slopes[plane * w.inputArea + best] += Double(dy[plane * w.outputArea + index])
        }
      }
      #expect(largestError(dx, slopes) < 1e-6)
    }
  }

  @Test func aNaNWins() {
    let pool = MaxPool(Self.windows[3])
    var (y, place): (Float, Int32) = (0, 0)
    pool.forward(planes: 0..<1, x: [1, 2, 3, .nan, 9, 1, .nan, 0, 0], y: &y, places: &place)
    #expect(y.isNaN && place == 3)
  }

  @Test func meansAndTheirGradient() {
    var random = TestRandom(seed: 22)
    for w in Self.windows {
      for counts in [false, true] {
        let x = random.floats(w.inputArea)
        let dy = random.floats(w.outputArea)
        var y = [Float](repeating: .nan, count: dy.count)
        var dx = [Float](repeating: .nan, count: x.count)
        let pad = (w.padTop, w.padLeft)
        let pool = AveragePool(w, countsPadding: counts, padBottom: pad.0, padRight: pad.1)
        pool.forward(planes: 0..<1, x: x, y: &y)
        pool.gradient(planes: 0..<1, dy: dy, dx: &dx)
        var values = [Double](repeating: 0, count: dy.count)
        var slopes = [Double](repeating: 0, count: x.count)
        Self.each(w) { index, places in
          let (oy, ox) = (index / w.output.width * w.stride.height, index % w.output.width * w.stride.width)
          let rows = (oy..<oy + w.kernel.height).filter { $0 < w.input.height + 2 * pad.0 }.count
          let columns = (ox..<ox + w.kernel.width).filter { $0 < w.input.width + 2 * pad.1 }.count
          let divisor = Double(counts ? rows * columns : places.count)
          values[index] = places.reduce(0) { $0 + Double(x[$1]) } / divisor
          for place in places { slopes[place] += Double(dy[index]) / divisor }
        }
        #expect(largestError(y, values) < 1e-6)
        #expect(largestError(dx, slopes) < 1e-6)
      }
    }
  }
}
