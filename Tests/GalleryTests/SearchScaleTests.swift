import Dispatch
import Foundation
import TestSupport
import Testing

@testable import Gallery

/// A million people: the search is exact, and its time is printed.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["WEFT_LONG"] != nil, "only with WEFT_LONG"))
struct SearchScaleTests {
  private static let dimension = 512

  /// Vector `index` of a million: one of 4096 random ones, turned around.
  private static func vector(_ index: Int, _ pool: [[Float]]) -> [Float] {
    let base = pool[index % pool.count]
    let turn = index / pool.count
    return Array(base[turn...] + base[..<turn])
  }

  @Test(.timeLimit(.minutes(20))) func aMillionPeople() throws {
    let count = 1_000_000
    let scratch = Scratch()
    defer { scratch.remove() }
    let gallery = try scratch.gallery()
    let encoder = EncoderIdentity(model: "m", name: "net", recipe: "r", dimension: SearchScaleTests.dimension)
    let pool = units(4096, SearchScaleTests.dimension, seed: 1)
    for start in stride(from: 0, to: count, by: 10_000) {
      let samples = (start..<start + 10_000).map { index in
        NewSample(
          person: "p\(index)", embedding: SearchScaleTests.vector(index, pool), source: "", photo: "", time: 1)
      }
      _ = try gallery.enroll(samples, by: encoder)
    }
    let queries = units(3, SearchScaleTests.dimension, seed: 2)
    var begin = DispatchTime.now().uptimeNanoseconds
    _ = try gallery.search([queries[0]], by: encoder, top: 5, rule: .best)
    print("first search, which makes the matrix: \((DispatchTime.now().uptimeNanoseconds - begin) / 1_000_000) ms")
    for query in queries {
      let found = try gallery.search([query], by: encoder, top: 5, rule: .best)[0]
      var best: [(cosine: Double, person: String)] = []
      for index in 0..<count {
        let cosine = UnitVector.dot(query, SearchScaleTests.vector(index, pool))
        if best.count < 5 || cosine > best[4].cosine {
          best = Array((best + [(cosine, "p\(index)")]).sorted { $0.cosine > $1.cosine }.prefix(5))
        }
      }
      #expect(found.map(\.person) == best.map(\.person))
    }
    var times: [Double] = []
    for _ in 0..<40 {
      begin = DispatchTime.now().uptimeNanoseconds
      _ = try gallery.search([queries[0]], by: encoder, top: 5, rule: .best)
      times.append(Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e6)
    }
    times.sort()
    print("10^6 x 512, top 5: least \(times[0]) ms, median \(times[20]) ms")
  }
}
