import Tensors
import TestSupport
import Testing

@testable import Gallery

@Suite struct CandidateScanTests {
  @Test func theExactBestAreAmongFewCandidates() {
    let rows = units(20000, 64, seed: 2)
    var builder = EmbeddingMatrix.Builder(dimension: 64, capacity: rows.count)
    for (index, row) in rows.enumerated() { builder.add(row, sample: Int64(index), person: Int64(index / 2)) }
    let matrix = builder.build(
      EmbeddingMatrix.Origin(gallery: Digest(of: "g"), revision: 0, removals: 0, lastSample: 0))
    let queries = units(4, 64, seed: 3)
    let found = CandidateScan.scan([matrix], queries, top: 5)
    for (query, candidates) in zip(queries, found) {
      var best: [Int64: (score: Double, sample: Int64)] = [:]
      for (index, row) in rows.enumerated() {
        let score = UnitVector.dot(query, row)
        if score > best[Int64(index / 2)]?.score ?? -2 { best[Int64(index / 2)] = (score, Int64(index)) }
      }
      let exact = best.values.sorted { $0.score > $1.score }.prefix(5).map(\.sample)
      #expect(Set(exact).isSubset(of: Set(candidates.map(\.sample))))
      #expect(candidates.count < 60, "\(candidates.count) candidates")
    }
  }

  @Test func theFloorIsTheScoreOfTheLastOfTheBest() {
    var best = CandidateScan.TopPeople(2)
    best.offer(1, 0.5)
    #expect(best.floor == -.infinity)
    best.offer(1, 0.6)
    #expect(best.floor == -.infinity)
    best.offer(2, 0.4)
    #expect(best.floor == 0.4)
    best.offer(3, 0.3)
    #expect(best.floor == 0.4)
    best.offer(3, 0.7)
    #expect(best.floor == 0.6)
    best.offer(1, 0.8)
    #expect(best.floor == 0.7)
  }
}
