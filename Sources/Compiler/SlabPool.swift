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

    /// Takes out the smallest block that is large enough.
    mutating func fitting(_ bytes: Int) -> Block? {
      let places = blocks.indices.filter { blocks[$0].byteCount >= bytes }
      return remove(places.min { blocks[$0].byteCount < blocks[$1].byteCount })
    }

    mutating func largest() -> Block? { remove(blocks.indices.max { blocks[$0].byteCount < blocks[$1].byteCount }) }

    private mutating func remove(_ place: Int?) -> Block? {
      guard let place else { return nil }
      byteCount -= blocks[place].byteCount
      return blocks.remove(at: place)
    }
  }

  private let state = Mutex(State())
  private let limit: Int

  /// - Parameter limit: bytes to keep at most.
  init(limit: Int) { self.limit = limit }

  deinit { release() }

  /// Bytes kept now.
  var byteCount: Int { state.withLock { $0.byteCount } }

  /// The smallest kept block that is large enough, else a fresh one; the largest of those that are too small is given back
  /// to the system then, because the fresh one serves for what it served. What is in a block is not defined.
  func take(_ byteCount: Int) -> Block {
    let (known, outgrown) = state.withLock { state in
      let known = state.fitting(byteCount)
      return (known, known == nil ? state.largest() : nil)
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

  /// Gives everything back to the system, save the block that a run of so many bytes would take.
  func release(but needed: Int? = nil) {
    let (kept, blocks) = state.withLock { state in
      defer { state = State() }
      return (needed.flatMap { state.fitting($0) }, state.blocks)
    }
    for block in blocks { block.release() }
    if let kept { give(kept) }
  }

  /// Rounded up to a sixteenth of the power of two, so that the next program of about this size finds the block large
  /// enough: what is not touched takes no memory.
  private static func capacity(_ byteCount: Int) -> Int {
    let step = max(64, 1 << max(0, Int.bitWidth - byteCount.leadingZeroBitCount - 5))
    return max(64, (byteCount + step - 1) / step * step)
  }
}
