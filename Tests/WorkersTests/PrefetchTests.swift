import Synchronization
import Testing
import Workers

@Suite struct PrefetchTests {
  @Test func `items come in order and each is made once`() {
    let made = Mutex<[Int: Int]>([:])
    let prefetch = Prefetch<Int>(depth: 3) { position in
      made.withLock { $0[position, default: 0] += 1 }
      return position * position
    }
    for position in 0..<500 { #expect(prefetch.take(position) == position * position) }
    #expect(made.withLock { made in (0..<500).allSatisfy { made[$0] == 1 } })
    #expect(made.withLock { $0.keys.max()! } <= 502)
  }

  @Test func `it may start anywhere, and without depth nothing is made ahead`() {
    let made = Mutex<[Int]>([])
    let prefetch = Prefetch<Int>(depth: 0) { position in
      made.withLock { $0.append(position) }
      return position
    }
    #expect(prefetch.take(41) == 41)
    #expect(prefetch.take(42) == 42)
    #expect(made.withLock { $0 } == [41, 42])
  }

  @Test func `passes may be repeated`() {
    let prefetch = Prefetch<Int>(depth: 2) { $0 }
    for _ in 0..<50 { for position in 0..<5 { #expect(prefetch.take(position) == position) } }
  }
}
