import Synchronization

/// One parallel call: chunks are claimed one by one, by the caller from the first one on and by whoever comes to help from
/// the last one back. So each thread has a run of neighbours, and where calls that follow each other cut their work alike,
/// it finds what it has made itself in its own cache.
final class Job: Sendable {
  typealias Body = (Int) -> Void

  let chunks: Int
  /// The address of the caller's closure, as bits because an atomic-free pointer is not Sendable. It is valid while a
  /// claimed chunk is unfinished: the caller does not return before, and nobody reads it without a claim.
  private let body: UInt
  /// The chunks that nobody has claimed: the first in the lower half of the bits, the one behind the last in the upper.
  private let open: Atomic<UInt64>
  private let finished = Atomic<Int>(0)

  init(chunks: Int, body: UnsafePointer<Body>) {
    precondition(chunks < 1 << 32, "the ends are kept in half a word each")
    self.chunks = chunks
    open = Atomic(UInt64(chunks) << 32)
    self.body = UInt(bitPattern: body)
  }

  var isClaimedUp: Bool { Job.ends(open.load(ordering: .relaxed)).isEmpty }
  var isFinished: Bool { finished.load(ordering: .acquiring) == chunks }

  /// Runs chunks until none is left to claim.
  func work(helps: Bool) {
    var seen = open.load(ordering: .relaxed)
    while true {
      let left = Job.ends(seen)
      guard !left.isEmpty else { return }
      let desired = helps ? seen - (1 << 32) : seen + 1
      let (won, found) = open.weakCompareExchange(expected: seen, desired: desired, ordering: .relaxed)
      guard won else {
        seen = found
        continue
      }
      run(helps ? left.upperBound - 1 : left.lowerBound)
      finished.add(1, ordering: .acquiringAndReleasing)
      seen = open.load(ordering: .relaxed)
    }
  }

  private static func ends(_ bits: UInt64) -> Range<Int> { Int(bits & 0xFFFF_FFFF)..<Int(bits >> 32) }

  // Not inlined, so that no reference to the closure outlives the call: the caller's check that its closure did not
  // escape runs as soon as the last chunk is counted.
  @inline(never)
  private func run(_ chunk: Int) {
    UnsafePointer<Body>(bitPattern: body).unsafelyUnwrapped.pointee(chunk)
  }
}
