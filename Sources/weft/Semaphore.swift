import Dispatch

/// What the main thread waits on, at the outer edge of the program only.
final class Semaphore: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  func wait() { semaphore.wait() }
  func signal() { semaphore.signal() }
}
