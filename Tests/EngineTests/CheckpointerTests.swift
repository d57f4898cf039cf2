import Foundation
import Language
import Tensors
import TestSupport
import Testing

@testable import Engine

@Suite struct CheckpointerTests {
  private static let loop = Digest(of: "a loop")

  private static func state(_ step: Int) -> LoopState {
    var state = LoopState()
    state.step = step
    return state
  }

  /// A folder where the file of a step's state is to appear: no rename can replace it.
  private static func block(_ step: Int, _ folder: URL) throws {
    let digits = String(repeating: "0", count: 11) + "\(step)"
    let path = "loops/\("\(loop)".prefix(2))/\(loop)-\(digits)"
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent(path), withIntermediateDirectories: true)
  }

  @Test func `a state that cannot be written is named once, and the one before stays`() throws {
    let folder = Assets.temporaryFolder()
    defer { Assets.remove(folder) }
    let store = ResultStore(folder: folder.path)
    var checkpointer = Checkpointer(store: store, loop: Self.loop, every: 1, resumedAt: 0)
    let first = checkpointer.write(Self.state(3))
    #expect(first == nil)
    for step in [5, 6, 8] { try Self.block(step, folder) }
    let refused = checkpointer.write(Self.state(5))
    let fault = try #require(refused)
    #expect(
      fault.message
        == "the state after step 5 could not be written to \(folder.path): Is a directory; the run goes on")
    #expect(fault.notes.map(\.text) == ["an interrupted run resumes at step 3, whose state is kept"])
    let again = checkpointer.write(Self.state(6))
    #expect(again == nil)
    #expect(store.checkpoint(loop: Self.loop, limit: 9)?.step == 3)
    // Room again: the newer state takes the older one's place. New trouble is told again.
    let written = checkpointer.write(Self.state(7))
    #expect(written == nil)
    #expect(store.checkpoint(loop: Self.loop, limit: 9)?.step == 7)
    #expect(store.checkpoint(loop: Self.loop, limit: 4) == nil)
    let anew = checkpointer.write(Self.state(8))
    #expect(anew?.notes.map(\.text) == ["an interrupted run resumes at step 7, whose state is kept"])
    var fresh = Checkpointer(store: store, loop: Self.loop, every: 1, resumedAt: 0)
    let none = fresh.write(Self.state(5))
    #expect(none?.notes.map(\.text) == ["an interrupted run begins again: no state was written before"])
  }

  @Test func `a store in memory takes every state`() {
    let store = ResultStore()
    var checkpointer = Checkpointer(store: store, loop: Self.loop, every: 2, resumedAt: 2)
    #expect(!checkpointer.isDue(3) && checkpointer.isDue(4))
    let fault = checkpointer.write(Self.state(4))
    #expect(fault == nil)
    #expect(store.checkpoint(loop: Self.loop, limit: 9)?.step == 4)
  }
}
