import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Compiler

@Suite struct WorkspaceTests {
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
