import Synchronization

/// Memory for large buffers, straight from the system and kept for the next buffer of the same size when it is given back.
///
/// Fresh pages cost more than what most ops do with them, and a run over many photos asks for the same sizes again and
/// again. Out of malloc's heap, because blocks of many sizes leave holes there: 5,000 photos took a tenth more than 500.
final class BufferPool: Sendable {
  static let shared = BufferPool(capacity: 32 << 20)

  /// Smaller blocks are malloc's.
  static let smallest = 256 << 10

  private struct Block {
    let address: UInt
    let byteCount: Int
  }

  private struct Kept {
    /// Oldest first.
    var blocks: [Block] = []
    var byteCount = 0
  }

  private let kept = Mutex(Kept())
  /// Bytes to keep at most.
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Bytes that are kept now.
  var byteCount: Int { kept.withLock { $0.byteCount } }

  /// A block at a page's start (a large page's from 2 MB on); what is in it is not defined.
  func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let known = kept.withLock { kept -> UInt? in
      guard let place = kept.blocks.lastIndex(where: { $0.byteCount == byteCount }) else { return nil }
      kept.byteCount -= byteCount
      return kept.blocks.remove(at: place).address
    }
    if let known { return UnsafeMutableRawPointer(bitPattern: known)! }
    return Pages.map(byteCount)
  }

  /// Gives everything that is kept back to the system.
  func releaseAll() {
    let blocks = kept.withLock { kept -> [Block] in
      defer { kept = Kept() }
      return kept.blocks
    }
    for block in blocks { Pages.unmap(UnsafeMutableRawPointer(bitPattern: block.address)!, block.byteCount) }
  }

  /// Gives a block back that `take` gave for this byte count.
  func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    // One block must not drive out all others.
    guard byteCount <= capacity / 4 else {
      Pages.unmap(block, byteCount)
      return
    }
    let dropped = kept.withLock { kept -> [Block] in
      kept.blocks.append(Block(address: UInt(bitPattern: block), byteCount: byteCount))
      kept.byteCount += byteCount
      var dropped: [Block] = []
      while kept.byteCount > capacity {
        let oldest = kept.blocks.removeFirst()
        kept.byteCount -= oldest.byteCount
        dropped.append(oldest)
      }
      return dropped
    }
    for block in dropped { Pages.unmap(UnsafeMutableRawPointer(bitPattern: block.address)!, block.byteCount) }
  }
}
