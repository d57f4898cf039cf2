import Tensors
import Testing

@testable import Compiler

@Suite struct SlabPoolTests {
  @Test(arguments: [1, 1000, 4 << 20, (6 << 20) + 100]) func aBlockIsWritableToItsEndAndOnLargePagesWhereItIsLarge(
    bytes: Int
  ) {
    let block = SlabPool(limit: 0).take(bytes)
    defer { block.release() }
    #expect(UInt(bitPattern: block.memory) % UInt(bytes < 4 << 20 ? 64 : Pages.large) == 0)
    #expect(block.byteCount >= bytes && block.byteCount <= max(64, bytes + bytes / 8 + 64))
    for place in [0, bytes - 1] { block.memory.storeBytes(of: UInt8(place & 127), toByteOffset: place, as: UInt8.self) }
    #expect(block.memory.load(fromByteOffset: bytes - 1, as: UInt8.self) == UInt8((bytes - 1) & 127))
  }

  @Test func theSmallestBlockThatFitsIsUsedAgain() {
    let pool = SlabPool(limit: 1 << 20)
    let blocks = [1000, 100_000, 10_000].map { pool.take($0) }
    for block in blocks { pool.give(block) }
    #expect(pool.byteCount == blocks.reduce(0) { $0 + $1.byteCount })
    let again = pool.take(5000)
    #expect(again.memory == blocks[2].memory && again.byteCount == blocks[2].byteCount)
    let other = pool.take(5000)
    #expect(other.memory == blocks[1].memory)
    #expect(pool.byteCount == blocks[0].byteCount)
    pool.give(again)
    pool.give(other)
  }

  @Test func aRunThatIsKnownFindsItsBlockAgain() {
    let pool = SlabPool(limit: 1 << 20)
    let blocks = [1000, 100_000, 10_000].map { pool.take($0) }
    for block in blocks { pool.give(block) }
    pool.release(but: 5000)
    #expect(pool.byteCount == blocks[2].byteCount)
    let again = pool.take(5000)
    #expect(again.memory == blocks[2].memory)
    pool.give(again)
    pool.release(but: 50_000)
    #expect(pool.byteCount == 0)
  }

  @Test func moreThanTheLimitIsNotKept() {
    let pool = SlabPool(limit: 1024)
    let (first, second) = (pool.take(1000), pool.take(900))
    pool.give(first)
    #expect(pool.byteCount == first.byteCount)
    pool.give(second)
    #expect(pool.byteCount == second.byteCount)
    pool.release()
    #expect(pool.byteCount == 0)
    pool.give(pool.take(4096))
    #expect(pool.byteCount == 0)
  }
}
