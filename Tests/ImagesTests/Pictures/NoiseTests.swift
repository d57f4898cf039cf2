import Testing

@testable import Images

@Suite struct NoiseTests {
  @Test func hashesAreUniformAndIndependentOfOrder() {
    let noise = Noise(seed: 5)
    let values = (-50..<50).flatMap { y in (-50..<50).map { x in noise.hash(x, y) } }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(Set(values).count == values.count)
    // 10^4 uniform numbers: the mean's standard deviation is 0.0029, a tenth's count's is 30.
    #expect(abs(values.reduce(0, +) / 10_000 - 0.5) < 0.015)
    for tenth in 0..<10 {
      #expect(abs(values.filter { Int($0 * 10) == tenth }.count - 1000) < 150)
    }
    #expect(noise.hash(3, 4) == Noise(seed: 5).hash(3, 4))
    #expect(noise.hash(3, 4) != noise.stream(0).hash(3, 4))
    #expect(noise.stream(0).hash(3, 4) != noise.stream(1).hash(3, 4))
  }

  @Test func valueNoiseJoinsTheLatticeSmoothly() {
    let noise = Noise(seed: 9)
    #expect(noise.value(3, -2) == noise.hash(3, -2))
    for step in 0..<200 {
      let x = Double(step) * 0.07 - 6
      #expect((0...1).contains(noise.value(x, 0.4)))
      #expect(abs(noise.value(x, 0.4) - noise.value(x + 1e-4, 0.4)) < 3e-4)
      #expect((0...1).contains(noise.fractal(x, x * 0.3, octaves: 6)))
      #expect((0...1).contains(noise.ridged(x, x * 0.3, octaves: 6)))
    }
  }

  @Test func rampIsAStepWithSoftEnds() {
    #expect(ramp(1, 3, 0) == 0)
    #expect(ramp(1, 3, 2) == 0.5)
    #expect(ramp(1, 3, 9) == 1)
    #expect(ramp(3, 1, 0) == 1)  // falling
  }
}
