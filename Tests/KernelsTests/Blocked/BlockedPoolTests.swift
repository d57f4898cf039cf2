import TestSupport
import Testing

@testable import Kernels

@Suite struct BlockedPoolTests {
  private static let cases: [(shape: [Int], window: PoolWindow)] = [
    (
      [2, 20, 8, 10], PoolWindow(input: Extent(8, 10), kernel: Extent(2, 2), stride: Extent(2, 2), output: Extent(4, 5))
    ),
    (
      [1, 16, 9, 7],
      PoolWindow(
        input: Extent(9, 7), kernel: Extent(3, 3), stride: Extent(2, 2), padTop: 1, padLeft: 1, output: Extent(5, 4))
    ),
    (
      [1, 7, 301, 64],
      PoolWindow(input: Extent(301, 64), kernel: Extent(2, 3), stride: Extent(2, 3), output: Extent(151, 22))
    ),
  ]

  /// The row-major kernels, which have their own tests, are the reference: the bits are the same.
  @Test(arguments: InstructionSet.supported) func poolsAndGradientsEqualTheRowMajorOnes(set: InstructionSet) {
    var random = TestRandom(seed: 8)
    var differs = false
    for (shape, window) in Self.cases {
      let planes = shape[0] * shape[1]
      // Few different numbers, so that equal maxima occur.
      let x = random.floats(shape.reduce(1, *)).map { ($0 * 4).rounded() }
      let dy = random.floats(planes * window.outputArea)
      let mask = random.floats(x.count)
      let gate = BlockedSignsTests.bits(BlockedConvolutionTests.blocks(mask, shape[0], shape[1]))
      let mean = AveragePool(window, countsPadding: true, padBottom: 1, padRight: 1)
      for isMean in [false, true] {
        var y = [Float](repeating: .nan, count: dy.count)
        var dx = [Float](repeating: .nan, count: x.count)
        if isMean {
          mean.forward(planes: 0..<planes, x: x, y: &y)
          mean.gradient(planes: 0..<planes, dy: dy, dx: &dx)
        } else {
          var places = [Int32](repeating: 0, count: dy.count)
          MaxPool(window).forward(planes: 0..<planes, x: x, y: &y, places: &places)
          MaxPool(window).gradient(planes: 0..<planes, dy: dy, places: places, dx: &dx)
        }
        let pool = BlockedPool(shape: shape, window, mean: isMean ? mean : nil)
        func blocks(_ values: [Float]) -> [Float] { BlockedConvolutionTests.blocks(values, shape[0], shape[1]) }
        let (source, flow) = (blocks(x), blocks(dy))
        var places = [UInt8](repeating: 254, count: flow.count)
        var result = [Float](repeating: .nan, count: flow.count)
        var back = [Float](repeating: .nan, count: source.count)
        var masked = back
        set.forced {
          for chunk in 0..<pool.chunks {
            pool.forward(chunk: chunk, x: source, y: &result)
            if !isMean { pool.places(chunk: chunk, positive: false, x: source, places: &places) }
            pool.gradient(chunk: chunk, places: places, dy: flow, mask: nil, dx: &back)
            pool.gradient(chunk: chunk, places: places, dy: flow, mask: gate, dx: &masked)
          }
        }
        if !isMean {
          var positive = places
          set.forced {
            for chunk in 0..<pool.chunks { pool.places(chunk: chunk, positive: true, x: source, places: &positive) }
          }
          let expected = zip(places, result).map { (place: UInt8, best: Float) -> UInt8 in best > 0 ? place : 255 }
          #expect(positive == expected, "\(shape)")
          differs = differs || positive != places
        }
        #expect(BlockedConvolutionTests.rows(result, shape[0], shape[1]) == y, "mean \(isMean) \(shape)")
        #expect(BlockedConvolutionTests.rows(back, shape[0], shape[1]) == dx, "mean \(isMean) \(shape)")
        let cut: [Float] = zip(dx, mask).map { (slope: Float, gate: Float) -> Float in gate > 0 ? slope : 0 }
        let found = BlockedConvolutionTests.rows(masked, shape[0], shape[1])
        #expect(found == cut, "mean \(isMean) \(shape)")
      }
    }
    #expect(differs, "no maximum was below zero")
  }
}
