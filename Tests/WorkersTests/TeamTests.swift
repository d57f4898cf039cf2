import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Workers

@Suite struct TeamTests {
  @Test(arguments: 1...8) func everyChunkRunsOnce(width: Int) {
    let team = Team(width: width)
    for chunks in Array(0...40) + [63, 64, 65, 200, 999, 1000] {
      let counts = (0..<chunks).map { _ in Counter() }
      team.parallel(chunks: chunks) { counts[$0].value.add(1, ordering: .relaxed) }
      #expect(counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 }, "\(chunks) chunks")
    }
  }

  @Test func writesAreSeenAfterTheCall() {
    let team = Team(width: 4)
    for round in 0..<200 {
      var numbers = [Int](repeating: 0, count: 64)
      numbers.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = buffer  // each chunk writes its own element
        team.parallel(chunks: 64) { buffer[$0] = $0 + round }
      }
      #expect(numbers == (0..<64).map { $0 + round })
    }
  }

  @Test func nestedCallsFinish() {
    let team = Team(width: 3)
    let total = Counter()
    team.parallel(chunks: 9) { _ in
      team.parallel(chunks: 7) { _ in
        team.parallel(chunks: 3) { _ in total.value.add(1, ordering: .relaxed) }
      }
    }
    #expect(total.value.load(ordering: .relaxed) == 9 * 7 * 3)
  }

  @Test func concurrentCallersShareTheHelpers() {
    let team = Team(width: 3)
    let total = Counter()
    let busy = Counter()
    let most = Counter()
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<50 {
        team.parallel(chunks: 20) { _ in
          let now = busy.value.add(1, ordering: .relaxed).newValue
          most.value.max(now, ordering: .relaxed)
          total.value.add(1, ordering: .relaxed)
          busy.value.subtract(1, ordering: .relaxed)
        }
      }
    }
    #expect(total.value.load(ordering: .relaxed) == 8 * 50 * 20)
    // Eight callers at most, and never more than width - 1 helpers besides.
    #expect(most.value.load(ordering: .relaxed) <= 8 + 2)
  }

  @Test func aHelperTakesPart() {
    let team = Team(width: 2)
    // The first chunk waits for the second, which only a helper can run meanwhile.
    let arrived = Counter()
    team.parallel(chunks: 2) { _ in
      arrived.value.add(1, ordering: .acquiringAndReleasing)
      while arrived.value.load(ordering: .acquiring) < 2 {}
    }
    #expect(arrived.value.load(ordering: .relaxed) == 2)
  }

  @Test func callerAndHelperHaveRunsOfNeighbours() {
    let team = Team(width: 2)
    let caller = pthread_self()
    // Per chunk, 1 where the caller ran it and 2 where a helper did.
    let owners = (0..<64).map { _ in Counter() }
    let arrived = Counter()
    team.parallel(chunks: 64) { chunk in
      owners[chunk].value.store(pthread_equal(pthread_self(), caller) != 0 ? 1 : 2, ordering: .relaxed)
      // Both take part: the first chunk of each waits for the other's.
      if chunk == 0 || chunk == 63 {
        arrived.value.add(1, ordering: .acquiringAndReleasing)
        while arrived.value.load(ordering: .acquiring) < 2 {}
      }
    }
    let order = owners.map { $0.value.load(ordering: .relaxed) }
    #expect(order.first == 1 && order.last == 2 && order == order.sorted())
  }

  @Test func whereThreadsWorkSideBySideNoHelperComes() {
    let team = Team(width: 2)
    let caller = pthread_self()
    let foreign = Counter()
    func run() {
      for _ in 0..<200 {
        team.parallel(chunks: 8) { _ in
          if pthread_equal(pthread_self(), caller) == 0 { foreign.value.add(1, ordering: .relaxed) }
        }
      }
    }
    team.enter()
    team.enter()
    run()
    #expect(foreign.value.load(ordering: .relaxed) == 0)
    // One of them leaves: there is room for a helper again.
    team.leave()
    let arrived = Counter()
    team.parallel(chunks: 2) { _ in
      arrived.value.add(1, ordering: .acquiringAndReleasing)
      while arrived.value.load(ordering: .acquiring) < 2 {}
    }
    team.leave()
  }

  @Test func widthIsAtLeastOne() {
    let team = Team(width: 0)
    #expect(team.width == 1)
    team.width = 5
    #expect(team.width == 5)
  }
}

final class Counter: Sendable {
  let value = Atomic<Int>(0)
}
