@testable import Engine

import Dispatch
import Glibc
import Language
import TestSupport
import Testing
import Workers

@Suite struct JobPoolTests {
  @Test func theHeapGivesTheBestRankFirst() {
    var random = TestRandom(seed: 5)
    var heap = Heap()
    var ranks: [Rank] = []
    for _ in 0..<500 {
      let rank = Rank(
        depth: Int.random(in: 0...3, using: &random), sequence: Int.random(in: 0...9, using: &random),
        order: Int.random(in: 0...99, using: &random))
      ranks.append(rank)
      heap.push(Job(rank: rank, queue: .cpu) { _ in })
    }
    var given: [Rank] = []
    while let job = heap.pop() { given.append(job.rank) }
    #expect(given == ranks.sorted())
  }

  @Test func innerWorkComesBeforeOuterAndOldBeforeYoung() {
    let outer = Rank(depth: 0, sequence: 1, order: 0)
    let inner = Rank(depth: 1, sequence: 9, order: 5)
    let older = Rank(depth: 1, sequence: 2, order: 9)
    #expect([outer, inner, older].sorted() == [older, inner, outer])
  }

  @Test func aDeferredJobWaitsForBetterOnes() {
    let pool = JobPool(width: 1)
    let order = Guarded<[String]>([])
    let finished = DispatchSemaphore(value: 0)
    func job(_ name: String, depth: Int, isDeferred: Bool = false, then: [Job] = []) -> Job {
      Job(rank: Rank(depth: depth, sequence: 0, order: 0), queue: .cpu, isDeferred: isDeferred) { turn in
        order.withLock { $0.append(name) }
        for job in then { turn.push(job) }
        if name == "late" { finished.signal() }
      }
    }
    // The first makes a deferred one ready; the second, already in line, comes before it.
    pool.submit([
      job("first", depth: 2, then: [job("late", depth: 0, isDeferred: true)]), job("second", depth: 1),
    ])
    finished.wait()
    #expect(order.withLock { $0 } == ["first", "second", "late"])
  }

  @Test(arguments: 1...8) func neverMoreAtATimeThanTheWidth(width: Int) {
    let pool = JobPool(width: width)
    let counts = Guarded((now: 0, most: 0, done: 0))
    let finished = DispatchSemaphore(value: 0)
    let total = 400
    pool.submit(
      (0..<total / 2).map { index in
        Job(rank: Rank(depth: 0, sequence: 0, order: index), queue: .cpu) { turn in
          counts.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
          }
          // Each job makes one more ready.
          turn.push(
            Job(rank: Rank(depth: 1, sequence: 0, order: index), queue: .cpu) { _ in
              let isLast = counts.withLock { counts -> Bool in
                counts.done += 2
                return counts.done == total
              }
              if isLast { finished.signal() }
            })
          counts.withLock { $0.now -= 1 }
        }
      })
    finished.wait()
    #expect(counts.withLock { $0.most } <= width)
  }

  @Test func jobsSideBySideHaveNoHelpers() {
    let team = Team(width: 2)
    let pool = JobPool(width: 2, team: team)
    let state = Guarded((begun: 0, threads: Set<UInt>(), done: 0))
    let finished = DispatchSemaphore(value: 0)
    pool.submit(
      (0..<2).map { index in
        Job(rank: Rank(depth: 0, sequence: 0, order: index), queue: .cpu) { _ in
          state.withLock { $0.begun += 1 }
          while state.withLock({ $0.begun }) < 2 {}
          for _ in 0..<100 {
            team.parallel(chunks: 8) { _ in _ = state.withLock { $0.threads.insert(UInt(pthread_self())) } }
          }
          // Neither leaves before both are done: the other would get a helper.
          state.withLock { $0.done += 1 }
          while state.withLock({ $0.done }) < 2 {}
          finished.signal()
        }
      })
    for _ in 0..<2 { finished.wait() }
    #expect(state.withLock { $0.threads.count } == 2)
  }
}
