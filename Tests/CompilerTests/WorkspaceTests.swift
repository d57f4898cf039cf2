import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Compiler

@Suite struct WorkspaceTests {
  @Test func slotsLieInTheSlabAndScratchBehindIt() {
    let workspace = Workspace(steps: [], slotCount: 2, slabBytes: 128, width: 1)
    for _ in 0..<2 {
      let slab = UnsafeMutableRawPointer.allocate(byteCount: 192, alignment: 64)
      defer { slab.deallocate() }
      workspace.bind([.slab(offset: 0), .slab(offset: 64)], slab, inputs: [], outputs: [])
      #expect(workspace.table[0] == slab && workspace.table[1] == slab + 64 && workspace.scratch == slab + 128)
    }
  }

  @Test func noScratchAreaIsGivenTwice() {
    let width = 4
    let workspace = Workspace(steps: [], slotCount: 0, slabBytes: 0, width: width)
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
