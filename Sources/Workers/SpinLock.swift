import CKernels
import Synchronization

/// A lock for a few instructions at a time. `Mutex` would do, but on Linux part of it is compiled into the standard
/// library, where the thread sanitizer does not see it and reports races that are none.
final class SpinLock: Sendable {
  private let held = Atomic<Bool>(false)

  func withLock<R>(_ body: () -> R) -> R {
    var spins = 0
    while held.exchange(true, ordering: .acquiring) {
      spins += 1
      // The holder may have lost its processor.
      if spins > 100 { weft_yield() } else { weft_pause() }
    }
    defer { held.store(false, ordering: .releasing) }
    return body()
  }
}
