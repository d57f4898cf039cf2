import Synchronization

/// One parallel call: chunks are claimed one by one, by the caller and by whoever comes to help.
final class Job: Sendable {
  typealias Body = (Int) -> Void

  let chunks: Int
  /// The address of the caller's closure, as bits because an atomic-free pointer is not Sendable. It is valid while a
  /// claimed chunk is unfinished: the caller does not return before, and nobody reads it without a claim.
  private let body: UInt
  private let next = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)

  init(chunks: Int, body: UnsafePointer<Body>) {
    self.chunks = chunks
    self.body = UInt(bitPattern: body)
  }

  var isClaimedUp: Bool { next.load(ordering: .relaxed) >= chunks }
  var isFinished: Bool { finished.load(ordering: .acquiring) == chunks }

  /// Runs chunks until none is left to claim.
  func work() {
    var candidate = next.load(ordering: .relaxed)
    while candidate < chunks {
      let (won, seen) = next.weakCompareExchange(
        expected: candidate, desired: candidate + 1, ordering: .relaxed)
      guard won else {
        candidate = seen
        continue
      }
      run(candidate)
      finished.add(1, ordering: .acquiringAndReleasing)
      candidate = next.load(ordering: .relaxed)
    }
  }

  // Not inlined, so that no reference to the closure outlives the call: the caller's check that its closure did not
  // escape runs as soon as the last chunk is counted.
  @inline(never)
  private func run(_ chunk: Int) {
    UnsafePointer<Body>(bitPattern: body).unsafelyUnwrapped.pointee(chunk)
  }
}
