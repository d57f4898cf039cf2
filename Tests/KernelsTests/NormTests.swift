import TestSupport
import Testing

@testable import Kernels

@Suite struct NormTests {
  /// Normalises rows of `x`, weighted by `dy` and summed: the scalar whose differences the gradients must match.
  static func loss(_ x: [Double], rows: [[Int]], scale: [Double], shift: [Double], dy: [Float]) -> Double {
    var sum = 0.0
    for (r, row) in rows.enumerated() {
      let mean = row.reduce(0) { $0 + x[$1] } / Double(row.count)
      let variance = row.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(row.count)
      for i in row {
        let y = (x[i] - mean) / (variance + 1e-5).squareRoot() * scale[r % scale.count] + shift[r % shift.count]
        sum += y * Double(dy[i])
      }
    }
    return sum
  }

  @Test(arguments: InstructionSet.supported) func instanceNormAgreesWithDifferences(set: InstructionSet) {
    var random = TestRandom(seed: 31)
    let (batch, channels, area) = (2, 3, 15)
    let x = random.floats(batch * channels * area, in: 2...5)
    let dy = random.floats(x.count)
    let scale = random.floats(channels)
    let shift = random.floats(channels)
    let planes = batch * channels
    let rows = (0..<planes).map { plane in (0..<area).map { plane * area + $0 } }
    let norm = InstanceNorm(channels: channels, area: area)
    var y = [Float](repeating: .nan, count: x.count)
    var dx = y
    var (mean, inverse, dScale, dShift) = (
      [Float](repeating: 0, count: planes), [Float](repeating: 0, count: planes),
      [Float](repeating: 0, count: planes), [Float](repeating: 0, count: planes)
    )
    set.forced {
      norm.forward(planes: 0..<planes, x: x, scale: scale, shift: shift, y: &y, mean: &mean, inverse: &inverse)
      norm.gradient(
        planes: 0..<planes, x: x, dy: dy, scale: scale, mean: mean, inverse: inverse, dx: &dx, dScale: &dScale,
        dShift: &dShift)
    }
    let (s, t, v) = (scale.map(Double.init), shift.map(Double.init), x.map(Double.init))
    func loss(_ x: [Double], _ s: [Double], _ t: [Double]) -> Double {
      Self.loss(x, rows: rows, scale: s, shift: t, dy: dy)
    }
    let total = zip(y, dy).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(total - loss(v, s, t)) < 1e-4)
    #expect(largestError(dx, centralDifferences(at: v) { loss($0, s, t) }) < 2e-5)
    let perChannel = { (g: [Float]) in (0..<channels).map { g[$0] + g[$0 + channels] } }
    #expect(largestError(perChannel(dScale), centralDifferences(at: s) { loss(v, $0, t) }) < 1e-5)
    #expect(largestError(perChannel(dShift), centralDifferences(at: t) { loss(v, s, $0) }) < 1e-5)
  }

  @Test(arguments: InstructionSet.supported) func batchNormAgreesWithDifferences(set: InstructionSet) {
    var random = TestRandom(seed: 32)
    let (batch, channels, area) = (3, 4, 7)
    let x = random.floats(batch * channels * area, in: -3...1)
    let dy = random.floats(x.count)
    let scale = random.floats(channels)
    let shift = random.floats(channels)
    let rows = (0..<channels).map { c in (0..<batch).flatMap { n in (0..<area).map { (n * channels + c) * area + $0 } }
    }
    let norm = BatchNorm(batch: batch, channels: channels, area: area)
    var y = [Float](repeating: .nan, count: x.count)
    var dx = y
    let empty = [Float](repeating: .nan, count: channels)
    var (mean, variance, factor, offset, dScale, dShift) = (empty, empty, empty, empty, empty, empty)
    set.forced {
      norm.statistics(channels: 0..<channels, x: x, mean: &mean, variance: &variance)
      norm.fold(
        channels: 0..<channels, mean: mean, variance: variance, scale: scale, shift: shift, factor: &factor,
        offset: &offset)
      norm.apply(planes: 0..<batch * channels, x: x, factor: factor, offset: offset, y: &y)
      norm.gradient(
        channels: 0..<channels, x: x, dy: dy, mean: mean, variance: variance, scale: scale, dx: &dx,
        dScale: &dScale, dShift: &dShift)
    }
    let (s, t, v) = (scale.map(Double.init), shift.map(Double.init), x.map(Double.init))
    func loss(_ x: [Double], _ s: [Double], _ t: [Double]) -> Double {
      Self.loss(x, rows: rows, scale: s, shift: t, dy: dy)
    }
    let total = zip(y, dy).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(total - loss(v, s, t)) < 1e-4)
    #expect(largestError(dx, centralDifferences(at: v) { loss($0, s, t) }) < 2e-5)
    #expect(largestError(dScale, centralDifferences(at: s) { loss(v, $0, t) }) < 1e-5)
    #expect(largestError(dShift, centralDifferences(at: t) { loss(v, s, $0) }) < 1e-5)
  }
}
