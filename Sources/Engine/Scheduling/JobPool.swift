import Dispatch
import Language
import Workers

/// Where a job stands in line: jobs of inner executions before those of outer ones, older executions before younger,
/// then the depth-first order of the graph, so that chains are finished and memory is freed before new work starts.
struct Rank: Sendable, Comparable {
  let depth: Int
  let sequence: Int
  let order: Int

  static func < (a: Rank, b: Rank) -> Bool {
    a.depth != b.depth ? a.depth > b.depth : (a.sequence, a.order) < (b.sequence, b.order)
  }
}

/// A piece of work that runs to its end without waiting for others.
struct Job: Sendable {
  let rank: Rank
  let queue: Host.Queue
  /// Waits in the queue for its rank even where the thread that made it has nothing else ready.
  var isDeferred = false
  let run: @Sendable (inout Turn) -> Void
}

/// One job's time on a thread: collects the jobs that it made ready.
struct Turn {
  /// The thread, as traces number them: processors from 0, the io queue from 1000.
  let thread: Int
  private(set) var ready: [Job] = []

  init(thread: Int) { self.thread = thread }

  mutating func push(_ job: Job) { ready.append(job) }

  fileprivate mutating func takeBest(_ queue: Host.Queue) -> Job? {
    var best: Int?
    for index in ready.indices where ready[index].queue == queue && !ready[index].isDeferred {
      if best == nil || ready[index].rank < ready[best!].rank { best = index }
    }
    return best.map { ready.remove(at: $0) }
  }

  fileprivate mutating func drain() -> [Job] {
    defer { ready.removeAll() }
    return ready
  }
}

/// Runs jobs on Dispatch threads: at most `width` at a time, and `ioWidth` more on the io queue. A thread goes on with
/// the best of the jobs that its last one made ready, without a hop through the queue; it leaves when there is none.
final class JobPool: Sendable {
  let width: Int
  let ioWidth: Int

  private struct Lane {
    var waiting = Heap()
    var free: [Int]
  }

  private struct State {
    var cpu: Lane
    var io: Lane
  }

  private let state: Guarded<State>
  private let team: Team
  private let cpu = DispatchQueue(label: "weft.cpu", qos: .userInitiated, attributes: .concurrent)
  private let io = DispatchQueue(label: "weft.io", qos: .userInitiated, attributes: .concurrent)

  /// - Parameter team: is told of the threads that work here.
  init(width: Int, ioWidth: Int = 4, team: Team = .shared) {
    self.team = team
    self.width = max(1, width)
    self.ioWidth = max(1, ioWidth)
    state = Guarded(
      State(
        cpu: Lane(free: Array((0..<max(1, width)).reversed())),
        io: Lane(free: Array((1000..<1000 + max(1, ioWidth)).reversed()))))
  }

  func submit(_ jobs: [Job]) {
    guard !jobs.isEmpty else { return }
    let starts = state.withLock { state -> [(Host.Queue, Int)] in
      for job in jobs { if job.queue == .cpu { state.cpu.waiting.push(job) } else { state.io.waiting.push(job) } }
      var starts: [(Host.Queue, Int)] = []
      for _ in 0..<min(state.cpu.waiting.count, state.cpu.free.count) {
        starts.append((.cpu, state.cpu.free.removeLast()))
      }
      for _ in 0..<min(state.io.waiting.count, state.io.free.count) {
        starts.append((.io, state.io.free.removeLast()))
      }
      return starts
    }
    for (queue, thread) in starts {
      (queue == .cpu ? cpu : io).async { self.work(queue, thread) }
    }
  }

  private func work(_ queue: Host.Queue, _ thread: Int) {
    if queue == .cpu { team.enter() }
    defer { if queue == .cpu { team.leave() } }
    var next = take(queue, thread)
    while let job = next {
      var turn = Turn(thread: thread)
      job.run(&turn)
      next = turn.takeBest(queue)
      submit(turn.drain())
      if next == nil { next = take(queue, thread) }
    }
  }

  /// The best waiting job; without one the thread's place becomes free.
  private func take(_ queue: Host.Queue, _ thread: Int) -> Job? {
    state.withLock { state in
      switch queue {
      case .cpu:
        if let job = state.cpu.waiting.pop() { return job }
        state.cpu.free.append(thread)
      case .io:
        if let job = state.io.waiting.pop() { return job }
        state.io.free.append(thread)
      }
      return nil
    }
  }
}

/// A binary heap of jobs, best rank first.
struct Heap {
  private var jobs: [Job] = []

  var count: Int { jobs.count }

  mutating func push(_ job: Job) {
    jobs.append(job)
    var child = jobs.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard jobs[child].rank < jobs[parent].rank else { break }
      jobs.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> Job? {
    guard let best = jobs.first else { return nil }
    let last = jobs.removeLast()
    if jobs.isEmpty { return best }
    jobs[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < jobs.count else { break }
      if child + 1 < jobs.count, jobs[child + 1].rank < jobs[child].rank { child += 1 }
      guard jobs[child].rank < jobs[parent].rank else { break }
      jobs.swapAt(child, parent)
      parent = child
    }
    return best
  }
}
