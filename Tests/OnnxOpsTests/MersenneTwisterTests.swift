import Testing

@testable import OnnxOps

@Suite struct MersenneTwisterTests {
  @Test func drawsWhatNumPyDraws() {
    var generator = MersenneTwister(seed: 0)
    #expect([generator.uniform(), generator.uniform()] == [0.5488135039273248, 0.7151893663724195])
    var other = MersenneTwister(seed: 0)
    let normals = other.normals(3)
    #expect(
      zip(normals, [1.764052345967664, 0.4001572083672233, 0.9787379841057392]).allSatisfy { abs($0 - $1) < 1e-15 })
  }
}
