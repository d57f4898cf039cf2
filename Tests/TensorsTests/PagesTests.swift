import Testing

@testable import Tensors

@Suite struct PagesTests {
  @Test func largeBlocksStartAtALargePage() {
    for byteCount in [1 << 20, 2 << 20, (2 << 20) + 64, (5 << 20) + 4096, 9 << 20] {
      let block = Pages.map(byteCount, touched: byteCount - 64)
      #expect(UInt(bitPattern: block) % UInt(byteCount < Pages.large ? 4096 : Pages.large) == 0)
      // All of it is there.
      for place in stride(from: 0, to: byteCount, by: 4096) {
        block.storeBytes(of: 3, toByteOffset: place, as: UInt8.self)
      }
      block.storeBytes(of: 5, toByteOffset: byteCount - 1, as: UInt8.self)
      #expect(block.load(as: UInt8.self) == 3 && block.load(fromByteOffset: byteCount - 1, as: UInt8.self) == 5)
      Pages.unmap(block, byteCount)
    }
  }
}
