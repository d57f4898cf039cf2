import Testing

@testable import Tensors

@Suite struct BufferPoolTests {
  @Test func aBlockIsGivenAgainForItsOwnSizeOnly() {
    let pool = BufferPool(capacity: 16 << 20)
    let first = pool.take(1 << 20)
    first.storeBytes(of: 7, as: UInt8.self)
    (first + (1 << 20) - 1).storeBytes(of: 9, as: UInt8.self)
    #expect(UInt(bitPattern: first) % 64 == 0)
    pool.give(first, 1 << 20)
    #expect(pool.byteCount == 1 << 20)
    let other = pool.take(2 << 20)
    #expect(other != first)
    let again = pool.take(1 << 20)
    #expect(again == first && pool.byteCount == 0)
    pool.give(again, 1 << 20)
    pool.give(other, 2 << 20)
    #expect(pool.byteCount == 3 << 20)
  }

  @Test func theOldestBlocksGoFirst() {
    let pool = BufferPool(capacity: 4 << 20)
    let blocks = (0..<6).map { _ in pool.take(1 << 20) }
    for block in blocks { pool.give(block, 1 << 20) }
    #expect(pool.byteCount == 4 << 20)
    // The newest comes first, the first two are gone.
    #expect(pool.take(1 << 20) == blocks[5])
    let large = pool.take(2 << 20)
    pool.give(large, 2 << 20)
    #expect(pool.byteCount == 3 << 20, "a block of more than a quarter is not kept")
  }

  @Test func buffersOfAnySizeHoldWhatIsWritten() {
    for byteCount in [0, 1, 63, 64, (256 << 10) - 128, (256 << 10) - 64, 256 << 10, 3 << 20] {
      let buffer = Buffer(byteCount: byteCount, zeroed: true)
      let last = max(0, byteCount - 1)
      #expect(buffer.bytes.load(fromByteOffset: last, as: UInt8.self) == 0)
      buffer.bytes.storeBytes(of: 5, toByteOffset: last, as: UInt8.self)
      #expect(buffer.bytes.load(fromByteOffset: last, as: UInt8.self) == 5)
    }
  }
}
