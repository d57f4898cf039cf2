import TestSupport
import Testing

@testable import Compiler

@Suite struct BufferPlanTests {
  /// What is alive together never overlaps, and 64 readable bytes lie behind each value.
  static func check(_ intervals: [BufferPlan.Interval]) {
    let plan = BufferPlan(intervals)
    for (i, a) in intervals.enumerated() {
      let (start, end) = (plan.offsets[i], plan.offsets[i] + a.bytes + 64)
      if start % 64 != 0 || end > plan.totalBytes { Issue.record("\(a) lies at \(start) of \(plan.totalBytes)") }
      for (j, b) in intervals.enumerated().dropFirst(i + 1) where a.first <= b.last && b.first <= a.last {
        let other = plan.offsets[j]
        if start < other + b.bytes + 64 && other < end { Issue.record("\(a) at \(start) overlaps \(b) at \(other)") }
      }
    }
  }

  @Test func randomIntervalsNeverOverlap() {
    var random = TestRandom(seed: 3)
    for _ in 0..<300 {
      let steps = Int.random(in: 1...30, using: &random)
      Self.check(
        (0..<Int.random(in: 0...40, using: &random)).map { _ in
          let first = Int.random(in: 0..<steps, using: &random)
          return BufferPlan.Interval(
            bytes: Int.random(in: 0...2000, using: &random), first: first,
            last: Int.random(in: first..<steps, using: &random))
        })
    }
  }

  @Test func aChainUsesTwoPlaces() {
    let chain = (0..<20).map { BufferPlan.Interval(bytes: 1000, first: $0, last: $0 + 1) }
    #expect(BufferPlan(chain).totalBytes == 2 * BufferPlan.padded(1000))
    #expect(BufferPlan([]).totalBytes == 0)
  }

  @Test func thousandsOfValuesArePlannedInTime() {
    let many = (0..<5000).map { BufferPlan.Interval(bytes: 64 * ($0 % 97), first: $0, last: $0 + $0 % 7) }
    #expect(ProcessorTime.ofThread { BufferPlan(many) }.seconds < 1)
  }
}
