import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Compiler

@Suite struct WorkspaceTests {
  @Test(arguments: [1000, 4 << 20, (6 << 20) + 100]) func theSlabLiesOnLargePagesWhereItIsLarge(bytes: Int) {
    let workspace = Workspace(steps: [], slotCount: 2, slabBytes: bytes, scratchBytes: 64, width: 1)
    workspace.bind([.slab(offset: 0), .slab(offset: bytes - 1)], inputs: [], outputs: [])
    let (first, last) = (workspace.table[0], workspace.table[1])
    #expect(UInt(bitPattern: first) % UInt(bytes < 4 << 20 ? 64 : Workspace.largePage) == 0)
    first.storeBytes(of: 1, as: UInt8.self)
    last.storeBytes(of: 2, as: UInt8.self)
    #expect(first.load(as: UInt8.self) == 1 && last.load(as: UInt8.self) == 2)
  }

  @Test func noScratchAreaIsGivenTwice() {
    let width = 4
    let workspace = Workspace(steps: [], slotCount: 0, slabBytes: 0, scratchBytes: 64, width: width)
    let owners = (0..<width).map { _ in Box() }
    let clashes = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: width) { _ in
      for _ in 0..<2000 {
        let place = workspace.takeScratch()
        if place >= width || owners[place].holders.add(1, ordering: .sequentiallyConsistent).oldValue != 0 {
          clashes.add(1, ordering: .relaxed)
        }
        owners[place].holders.subtract(1, ordering: .sequentiallyConsistent)
        workspace.giveScratch(place)
      }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }

  private final class Box: Sendable { let holders = Atomic<Int>(0) }
}
