/// Keeps small notes from being written after each of many short runs: writing takes at most a twentieth of the time.
final class Throttle: Sendable {
  private struct State {
    var last: UInt64 = 0
    var seconds = 0.0
    var isBusy = false
  }

  private let state = Guarded(State())

  func save(force: Bool, _ write: () -> Void) {
    let isDue = state.withLock { state in
      guard force || (!state.isBusy && (state.last == 0 || Clock.seconds(since: state.last) > 20 * state.seconds))
      else {
        return false
      }
      state.isBusy = true
      return true
    }
    guard isDue else { return }
    let start = Clock.now()
    write()
    state.withLock {
      $0.last = Clock.now()
      $0.seconds = Double($0.last - start) / 1e9
      $0.isBusy = false
    }
  }
}
