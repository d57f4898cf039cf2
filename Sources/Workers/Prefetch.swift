import Dispatch
import Synchronization

/// Items of a sequence made ahead of time on other threads, at most `depth` of them beyond the one that was asked for.
///
/// An item is claimed by the thread that starts to make it; whoever asks for one that nobody has claimed makes it
/// itself. So a caller waits only for work that is running, never for a thread to become free.
public final class Prefetch<Item: Sendable>: Sendable {
  private enum Slot {
    case claimed(DispatchGroup)
    case ready(Item)
  }

  private struct State {
    var slots: [Int: Slot] = [:]
    /// Nothing before this is wanted any more.
    var next = 0
  }

  private let depth: Int
  private let make: @Sendable (Int) -> Item
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "weft.prefetch", qos: .userInitiated, attributes: .concurrent)

  public init(depth: Int, make: @escaping @Sendable (Int) -> Item) {
    self.depth = max(0, depth)
    self.make = make
  }

  /// The item at `position`; those after it are begun. Positions are asked for in ascending order, each once.
  public func take(_ position: Int) -> Item {
    state.withLock { state in
      state.next = position
      state.slots = state.slots.filter { $0.key >= position }
    }
    let item = claimed(position)
    state.withLock { state in
      state.slots[position] = nil
      state.next = position + 1
    }
    for ahead in position + 1..<position + 1 + depth {
      queue.async { [weak self] in self?.begin(ahead) }
    }
    return item
  }

  /// The item, made here unless another thread has it or is about to.
  private func claimed(_ position: Int) -> Item {
    let group = DispatchGroup()
    group.enter()
    let known = state.withLock { state -> Slot? in
      if let slot = state.slots[position] { return slot }
      state.slots[position] = .claimed(group)
      return nil
    }
    switch known {
    case .ready(let item):
      group.leave()
      return item
    case .claimed(let other):
      group.leave()
      other.wait()
      guard case .ready(let item)? = state.withLock({ $0.slots[position] }) else { return make(position) }
      return item
    case nil: return finish(position, group)
    }
  }

  private func begin(_ position: Int) {
    let group = DispatchGroup()
    group.enter()
    let isMine = state.withLock { state in
      guard position >= state.next, state.slots[position] == nil else { return false }
      state.slots[position] = .claimed(group)
      return true
    }
    if isMine { _ = finish(position, group) } else { group.leave() }
  }

  private func finish(_ position: Int, _ group: DispatchGroup) -> Item {
    let item = make(position)
    state.withLock { if position >= $0.next { $0.slots[position] = .ready(item) } }
    group.leave()
    return item
  }
}
