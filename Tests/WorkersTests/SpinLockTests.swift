import Dispatch
import Testing

@testable import Workers

@Suite struct SpinLockTests {
  @Test func oneThreadAtATimeIsInside() {
    let lock = SpinLock()
    nonisolated(unsafe) var count = 0  // touched with the lock held
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<2000 { lock.withLock { count += 1 } }
    }
    #expect(count == 8000)
  }
}
