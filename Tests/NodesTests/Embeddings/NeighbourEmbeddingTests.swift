import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct NeighbourEmbeddingTests {
  @Test func `clusters come apart, and a seed gives one picture`() throws {
    var random = TestRandom(seed: 6)
    let rows = Tensor(
      shape: [30, 8], (0..<30).flatMap { row in random.floats(8).map { $0 * 0.1 + Float(row % 3) * 5 } })
    func embed(_ seed: UInt64) throws -> (points: [Float], loss: Double) {
      let found = try run(
        NeighbourEmbedding.op, ["x": .tensor(rows)], ["steps": 400, "perplexity": 5, "lr": 50], seed: seed)
      return (found[0].tensor!.elements(Float.self), found[1].scalar!)
    }
    let (points, loss) = try embed(1)
    #expect(try embed(1).points == points)
    #expect(loss < 1)
    func distance(_ i: Int, _ j: Int) -> Float {
      let (dx, dy) = (points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1])
      return (dx * dx + dy * dy).squareRoot()
    }
    // Everyone's nearest neighbour is of their own cluster.
    for i in 0..<30 {
      let nearest = (0..<30).filter { $0 != i }.min { distance(i, $0) < distance(i, $1) }!
      #expect(nearest % 3 == i % 3)
    }
  }

  @Test func `one vector and no vector`() throws {
    let one = try run(NeighbourEmbedding.op, ["x": .tensor(.zeros(.f32, shape: [1, 3]))], ["steps": 3])
    #expect(one[0].tensor?.shape == [1, 2])
    #expect(
      message { _ = try run(NeighbourEmbedding.op, ["x": .list([])]) }
        == "there are no vectors, or they hold NaN or infinity")
  }
}
