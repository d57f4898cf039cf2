import TestSupport
import Testing

@testable import Kernels

@Suite struct LossTests {
  @Test(arguments: InstructionSet.supported) func gramAndItsGradient(set: InstructionSet) {
    var random = TestRandom(seed: 41)
    let gram = Gram(channels: 70, positions: 33, scale: 0.5)
    let f = random.floats(70 * 33)
    let dG = random.floats(70 * 70)
    var g = [Float](repeating: .nan, count: 4900)
    var symmetric = g
    var dF = [Float](repeating: .nan, count: f.count)
    set.forced {
      GemmTests.withScratch(gram.scratchBytes) { scratch in
        for chunk in 0..<gram.forwardChunks { gram.forward(chunk: chunk, features: f, gram: &g, scratch: scratch) }
        gram.symmetrise(rows: 0..<70, dGram: dG, symmetric: &symmetric)
        for chunk in 0..<gram.gradientChunks {
          gram.gradient(chunk: chunk, symmetric: symmetric, features: f, dFeatures: &dF, scratch: scratch)
        }
      }
    }
    var values = [Double](repeating: 0, count: 4900)
    var slopes = [Double](repeating: 0, count: f.count)
    for i in 0..<70 {
      for j in 0..<70 {
        #expect(g[i * 70 + j] == g[j * 70 + i])
        for p in 0..<33 {
          values[i * 70 + j] += 0.5 * Double(f[i * 33 + p]) * Double(f[j * 33 + p])
          slopes[i * 33 + p] += 0.5 * (Double(dG[i * 70 + j]) + Double(dG[j * 70 + i])) * Double(f[j * 33 + p])
        }
      }
    }
    #expect(largestError(g, values) < 2e-6)
    #expect(largestError(dF, slopes) < 5e-6)
  }

  @Test func squaredErrorAndItsGradient() {
    var random = TestRandom(seed: 42)
    let (x, y) = (random.floats(101), random.floats(101))
    let loss = { (v: [Double]) in 0.25 * zip(v, y).reduce(0.0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) } }
    #expect(abs(0.25 * SquaredError.sum(x, y, count: 101) - loss(x.map(Double.init))) < 1e-12)
    var dx = [Float](repeating: .nan, count: 101)
    SquaredError.gradient(x, y, factor: 2 * 0.25, dx: &dx, count: 101)
    #expect(largestError(dx, centralDifferences(at: x.map(Double.init), loss)) < 1e-6)
  }

  @Test(arguments: TotalVariation.Convention.allCases)
  func totalVariationAndItsGradient(convention: TotalVariation.Convention) {
    var random = TestRandom(seed: 43)
    for (height, width) in [(1, 1), (1, 5), (4, 1), (5, 6)] {
      let x = random.floats(2 * height * width)
      let loss = { (v: [Double]) in
        var sum = 0.0
        for plane in 0..<2 {
          for r in 0..<height {
            for c in 0..<width {
              let i = (plane * height + r) * width + c
              let (down, right) = (r + 1 < height, c + 1 < width)
              let vertical = down ? v[i + width] - v[i] : 0
              let horizontal = right ? v[i + 1] - v[i] : 0
              switch convention {
              case .squared: sum += vertical * vertical + horizontal * horizontal
              case .squaredInterior: sum += down && right ? vertical * vertical + horizontal * horizontal : 0
              case .absolute: sum += abs(vertical) + abs(horizontal)
              }
            }
          }
        }
        return sum
      }
      let variation = TotalVariation(size: Extent(height, width), convention: convention)
      #expect(abs(variation.value(planes: 0..<2, x: x) - loss(x.map(Double.init))) < 1e-10)
      var dx = [Float](repeating: .nan, count: x.count)
      variation.gradient(planes: 0..<1, x: x, factor: 3, dx: &dx)
      variation.gradient(planes: 1..<2, x: x, factor: 3, dx: &dx)
      #expect(largestError(dx, centralDifferences(at: x.map(Double.init)) { 3 * loss($0) }) < 1e-5)
    }
  }
}
