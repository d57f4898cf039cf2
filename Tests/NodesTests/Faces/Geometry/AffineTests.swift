import Glibc
import Images
import TestSupport
import Testing

@testable import Nodes

@Suite struct AffineTests {
  func isNear(_ a: Point, _ b: Point, _ limit: Double = 1e-9) -> Bool {
    abs(a.x - b.x) < limit && abs(a.y - b.y) < limit
  }

  @Test func `a similarity is found again`() throws {
    let truth = Affine(1.2 * cos(0.4), -1.2 * sin(0.4), 7, 1.2 * sin(0.4), 1.2 * cos(0.4), -3)
    let from = AlignmentRecipe.arcfacePoints
    let found = try #require(Affine.similarity(from: from, to: from.map { truth($0) }))
    for point in from { #expect(isNear(found(point), truth(point))) }
    #expect(abs(found.scale - 1.2) < 1e-12)
  }

  /// Umeyama 1991, eqs. 39-42, by an iterative polar decomposition in place of an SVD.
  @Test func `noisy points give Umeyama's answer, reflections included`() throws {
    var random = TestRandom(seed: 7)
    for trial in 0..<20 {
      let from = (0..<5).map { _ in Point(Double(random.floats(1)[0]) * 50, Double(random.floats(1)[0]) * 50) }
      let to = (0..<5).map { index in
        // Half the trials are mirrored: the best proper rotation is still wanted.
        Point((trial % 2 == 0 ? 1 : -1) * from[index].x + Double(random.floats(1)[0]), from[index].y * 0.7)
      }
      let found = try #require(Affine.similarity(from: from, to: to))
      func error(_ map: Affine) -> Double {
        zip(from, to).reduce(0) { sum, pair in
          let point = map(pair.0)
          return sum + (point.x - pair.1.x) * (point.x - pair.1.x) + (point.y - pair.1.y) * (point.y - pair.1.y)
        }
      }
      // No similarity nearby is better.
      let best = error(found)
      for (da, dd, dc, df) in [(1e-4, 0, 0, 0), (0, 1e-4, 0, 0), (0, 0, 1e-3, 0), (0, 0, 0, 1e-3)] {
        for sign in [-1.0, 1] {
          let (a, d) = (found.a + sign * da, found.d + sign * dd)
          #expect(error(Affine(a, -d, found.c + sign * dc, d, a, found.f + sign * df)) >= best)
        }
      }
      #expect(found.a * found.e - found.b * found.d > 0)
    }
  }

  @Test func `three points, inverses, and what has none`() throws {
    let from = [Point(0, 0), Point(1, 0), Point(0, 1)]
    let to = [Point(5, 6), Point(7, 6.5), Point(4, 9)]
    let map = try #require(Affine.through(from: from, to: to))
    for (a, b) in zip(from, to) { #expect(isNear(map(a), b)) }
    let back = try #require(map.inverse)
    for (a, b) in zip(from, to) { #expect(isNear(back(b), a)) }
    #expect(Affine.through(from: [Point(0, 0), Point(1, 1), Point(2, 2)], to: to) == nil)
    #expect(Affine(1, 2, 0, 2, 4, 0).inverse == nil)
    #expect(Affine.similarity(from: [Point(1, 1), Point(1, 1)], to: [Point(0, 0), Point(1, 1)]) == nil)
  }
}
