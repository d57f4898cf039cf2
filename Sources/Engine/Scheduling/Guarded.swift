import Glibc

/// A value that is only touched with its lock held. What `Synchronization.Mutex` is, over a POSIX lock: on Linux part of
/// `Mutex` is compiled into the standard library, where the thread sanitizer does not see it and reports races that are
/// none.
final class Guarded<State>: @unchecked Sendable {
  // Unchecked because the state is mutable; safe because every access goes through `withLock`.
  private var state: State
  private let lock: UnsafeMutablePointer<pthread_mutex_t>

  init(_ state: State) {
    self.state = state
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func withLock<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(&state)
  }
}
