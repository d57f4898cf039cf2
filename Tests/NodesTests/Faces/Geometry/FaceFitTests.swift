import Images
import Language
import Tensors
import TestSupport
import Testing

@testable import Nodes

@Suite struct FaceFitTests {
  private static let from = [Point(3, 4), Point(40, 7), Point(22, 25), Point(9, 45), Point(37, 41), Point(15, 12)]

  private func fit(
    _ from: [Point], _ to: [Point], _ settings: [String: Literal] = [:], first: Affine? = nil
  ) throws -> Affine {
    let points: (Value, Value) = (.points(from), .points(to))
    let results =
      if let first {
        try run(FaceFit.op, ["from": points.0, "to": points.1, "first": .tensor(first.tensor)], settings)
      } else {
        try run(FaceFit.op, ["from": points.0, "to": points.1], settings)
      }
    return try Affine(results[0].tensor!, "matrix")
  }

  private func distance(_ a: Point, _ b: Point) -> Double { max(abs(a.x - b.x), abs(a.y - b.y)) }

  @Test func `an affine map is found again, and a similarity where it is one`() throws {
    let affine = Affine(1.3, 0.4, -7, -0.2, 0.8, 11)
    let found = try fit(Self.from, Self.from.map { affine($0) })
    for point in Self.from { #expect(distance(found(point), affine(point)) < 1e-4) }
    let turned = Affine(0.6, -0.8, 5, 0.8, 0.6, 2)
    let similar = try fit(Self.from, Self.from.map { turned($0) }, ["kind": "similarity"])
    for point in Self.from { #expect(distance(similar(point), turned(point)) < 1e-4) }
  }

  /// The least squares of noisy points: no map nearby is better, in any of the six numbers.
  @Test func `no map nearby is better`() throws {
    var random = TestRandom(seed: 11)
    let to = Self.from.map { point in
      let noise = random.floats(2)
      return Point(0.9 * point.x - 0.3 * point.y + 6 * Double(noise[0]), point.y + 6 * Double(noise[1]))
    }
    let found = try #require(Affine.nearest(from: Self.from, to: to))
    func error(_ map: Affine) -> Double {
      zip(Self.from, to).reduce(0) { sum, pair in
        let point = map(pair.0)
        return sum + (point.x - pair.1.x) * (point.x - pair.1.x) + (point.y - pair.1.y) * (point.y - pair.1.y)
      }
    }
    let best = error(found)
    #expect(best > 1)
    for path in [\Affine.a, \.b, \.c, \.d, \.e, \.f] {
      for change in [-1e-3, 1e-3] {
        var near = found
        near[keyPath: path] += change
        #expect(error(near) > best)
      }
    }
  }

  @Test func `a map before is gone through first`() throws {
    let (affine, crop) = (Affine(1.3, 0.4, -7, -0.2, 0.8, 11), Affine(0.5, 0, 30, 0, 0.5, 12))
    let found = try fit(Self.from, Self.from.map { affine($0) }, first: crop)
    for point in Self.from { #expect(distance(found(point), affine(crop(point))) < 1e-4) }
  }

  @Test func `what cannot be fitted`() {
    #expect(
      message { _ = try fit(Self.from, Array(Self.from.dropLast())) }
        == "6 points cannot be fitted to 5: one landmark network has to find both")
    let line = (0..<6).map { Point(Double($0), 2 * Double($0)) }
    #expect(
      message { _ = try fit(line, Self.from) } == "the points of the face fall together: it cannot be aligned")
    let spot = [Point](repeating: Point(1, 1), count: 6)
    for kind in ["affine", "similarity"] {
      #expect(
        message { _ = try fit(Self.from, spot, ["kind": .string(kind)]) }
          == "the points of the face fall together: it cannot be aligned")
    }
  }
}
