import Synchronization
import Tensors

/// The memory of runs, shared by all programs of a compiler: a run takes a block and gives it back. Fresh pages cost
/// more than small networks do with them, and a graph over photos of many sizes has a program for each.
final class SlabPool: Sendable {
  // Not Sendable by itself because of the pointer; whoever took the block has it alone.
  struct Block: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let byteCount: Int

    init(_ byteCount: Int, touched: Int) {
      self.byteCount = byteCount
      memory =
        byteCount >= 2 * Pages.large
        ? Pages.map(byteCount, touched: touched) : .allocate(byteCount: byteCount, alignment: 64)
    }

    func release() { if byteCount >= 2 * Pages.large { Pages.unmap(memory, byteCount) } else { memory.deallocate() } }
  }

  private struct State {
    /// Given back, the latest last.
    var blocks: [Block] = []
    var byteCount = 0
  }

  private let state = Mutex(State())
  private let limit: Int

  /// - Parameter limit: bytes to keep at most.
  init(limit: Int) { self.limit = limit }

  deinit { releaseAll() }

  /// Bytes kept now.
  var byteCount: Int { state.withLock { $0.byteCount } }

  /// The smallest kept block that is large enough, else a fresh one; the largest of those that are too small is given back
  /// to the system then, because the fresh one serves for what it served. What is in a block is not defined.
  func take(_ byteCount: Int) -> Block {
    let (known, outgrown) = state.withLock { state -> (Block?, Block?) in
      func remove(_ place: Int?) -> Block? {
        guard let place else { return nil }
        state.byteCount -= state.blocks[place].byteCount
        return state.blocks.remove(at: place)
      }
      func size(_ place: Int) -> Int { state.blocks[place].byteCount }
      let fitting = state.blocks.indices.filter { size($0) >= byteCount }
      if let best = fitting.min(by: { size($0) < size($1) }) { return (remove(best), nil) }
      return (nil, remove(state.blocks.indices.max { size($0) < size($1) }))
    }
    outgrown?.release()
    return known ?? Block(SlabPool.capacity(byteCount), touched: byteCount)
  }

  func give(_ block: Block) {
    let dropped = state.withLock { state -> [Block] in
      state.blocks.append(block)
      state.byteCount += block.byteCount
      var dropped: [Block] = []
      while state.byteCount > limit {
        dropped.append(state.blocks.removeFirst())
        state.byteCount -= dropped[dropped.count - 1].byteCount
      }
      return dropped
    }
    for block in dropped { block.release() }
  }

  /// Gives everything back to the system.
  func releaseAll() {
    let blocks = state.withLock { state -> [Block] in
      defer { state = State() }
      return state.blocks
    }
    for block in blocks { block.release() }
  }

  /// Rounded up to a sixteenth of the power of two, so that the next program of about this size finds the block large
  /// enough: what is not touched takes no memory.
  private static func capacity(_ byteCount: Int) -> Int {
    let step = max(64, 1 << max(0, Int.bitWidth - byteCount.leadingZeroBitCount - 5))
    return max(64, (byteCount + step - 1) / step * step)
  }
}
