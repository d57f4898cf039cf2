import CKernels
import Dispatch
import Synchronization

/// The threads that share the chunks of numeric work: all parallelism inside a value goes through one team, whose width
/// bounds the helper threads of the whole process.
///
/// A call publishes its chunks and works on them itself; helpers on a Dispatch queue claim chunks one by one. A call
/// never waits for a helper to come, only for chunks that one has claimed, so it cannot deadlock, nested or not.
/// Helpers stay for about 1500 pauses after the last chunk, because small layers follow each other closely; then for as
/// long as there is nobody else to give the processor to, a fifth of a millisecond at most, because being called again
/// takes tens of microseconds; then they leave.
public final class Team: Sendable {
  /// The team of the process, as wide as the machine.
  public static let shared = Team(width: ProcessorCount.active)

  private static let pauses = 1500
  /// After the pauses; each takes about half a microsecond where no other thread is waiting.
  private static let yields = 400
  private let limit: Atomic<Int>
  /// Helpers that run or are on their way.
  private let helpers = Atomic<Int>(0)
  /// Threads that have announced work of their own.
  private let occupants = Atomic<Int>(0)
  /// The length of `jobs`, which spinning helpers watch without taking the lock.
  private let open = Atomic<Int>(0)
  private let lock = SpinLock()
  /// Unsafe only to the compiler: touched with `lock` held.
  nonisolated(unsafe) private var jobs: [Job] = []
  private let queue = DispatchQueue(label: "weft.team", qos: .userInitiated, attributes: .concurrent)

  public init(width: Int) { limit = Atomic(max(1, width)) }

  /// How many threads may work at once, the caller included; to be set at start.
  public var width: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Announces that this thread works from now on until `leave`, calls of `parallel` included: where as many threads
  /// work side by side as the team is wide, helpers would only take processor time from them.
  public func enter() { occupants.add(1, ordering: .relaxed) }

  public func leave() { occupants.subtract(1, ordering: .relaxed) }

  /// The helpers there is room for beside the threads that work anyway.
  private var room: Int { width - max(1, occupants.load(ordering: .relaxed)) }

  /// Calls `body` once for each of 0..<chunks, on this thread and on helpers, and returns when all calls have. What the
  /// calls wrote is visible afterwards. Chunks run in no fixed order; the split must not change results.
  public func parallel(chunks: Int, _ body: (Int) -> Void) {
    guard chunks > 1, width > 1 else {
      for chunk in 0..<max(0, chunks) { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        let job = Job(chunks: chunks, body: pointer)
        publish(job)
        recruit(chunks - 1)
        job.work(helps: false)
        withdraw(job)
        var spins = 0
        while !job.isFinished {
          weft_pause()
          spins += 1
          if spins > Self.pauses { weft_yield() }
        }
      }
    }
  }

  private func publish(_ job: Job) {
    lock.withLock {
      jobs.append(job)
      open.store(jobs.count, ordering: .releasing)
    }
  }

  private func withdraw(_ job: Job) {
    lock.withLock {
      if let index = jobs.firstIndex(where: { $0 === job }) { jobs.remove(at: index) }
      open.store(jobs.count, ordering: .releasing)
    }
  }

  /// Brings the number of helpers up to `wanted`, as far as there is room.
  private func recruit(_ wanted: Int) {
    var present = helpers.load(ordering: .relaxed)
    let most = min(wanted, room)
    while present < most {
      let (won, seen) = helpers.weakCompareExchange(
        expected: present, desired: present + 1, ordering: .acquiringAndReleasing)
      present = won ? present + 1 : seen
      if won { queue.async { self.help() } }
    }
  }

  private func help() {
    repeat {
      var spins = 0
      while spins < Self.pauses + Self.yields, helpers.load(ordering: .relaxed) <= room {
        if open.load(ordering: .acquiring) > 0, let job = lock.withLock({ jobs.first { !$0.isClaimedUp } }) {
          job.work(helps: true)
          spins = 0
        } else {
          if spins < Self.pauses { weft_pause() } else { weft_yield() }
          spins += 1
        }
      }
      helpers.subtract(1, ordering: .acquiringAndReleasing)
      // A job published while this helper was leaving may have counted on it: look once more, and come back if so.
    } while open.load(ordering: .acquiring) > 0 && rejoin()
  }

  private func rejoin() -> Bool {
    guard lock.withLock({ jobs.contains { !$0.isClaimedUp } }) else { return false }
    var present = helpers.load(ordering: .relaxed)
    while present < room {
      let (won, seen) = helpers.weakCompareExchange(
        expected: present, desired: present + 1, ordering: .acquiringAndReleasing)
      if won { return true }
      present = seen
    }
    return false
  }
}
