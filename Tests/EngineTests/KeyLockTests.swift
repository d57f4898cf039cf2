@testable import Engine

import Foundation
import TestSupport
import Testing

@Suite struct KeyLockTests {
  @Test func oneHolderAtATimeAndNothingLeftBehind() throws {
    let folder = Assets.temporaryFolder()
    defer { Assets.remove(folder) }
    let path = folder.appendingPathComponent("key").path
    guard case .taken(let lock) = KeyLock.attempt(path) else {
      Issue.record("a free lock was not given")
      return
    }
    if case .busy = KeyLock.attempt(path) {} else { Issue.record("a held lock was given again") }
    lock.release()
    #expect(!FileManager.default.fileExists(atPath: path))
    guard case .taken(let next) = KeyLock.attempt(path) else {
      Issue.record("a released lock was not given")
      return
    }
    next.release()
    if case .unavailable = KeyLock.attempt("/no/such/folder/key") {} else { Issue.record("a lock out of nowhere") }
  }
}
