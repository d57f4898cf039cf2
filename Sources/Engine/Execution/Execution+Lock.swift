import Dispatch
import Graph
import Language
import Tensors

/// Waiting for a loop that another process, or another part of this one, is computing.
extension Execution {
  enum LockOutcome {
    /// Go on; release the lock at the end.
    case mine(KeyLock?)
    /// Somebody else has it: the unit will be started again, or was answered from the cache.
    case elsewhere
  }

  private static let pause = DispatchTimeInterval.milliseconds(50)

  func takeLock(_ unit: Int, _ node: FlatGraph.Node, _ chain: Digest, _ turn: inout Turn) throws(Fault) -> LockOutcome {
    guard let disk = scope.store?.disk else { return .mine(nil) }
    switch KeyLock.attempt("\(disk.root)/locks/\(chain)") {
    case .unavailable: return .mine(nil)
    case .taken(let lock):
      // The holder before may have finished it.
      if let record = scope.store?.record(node.resultKey(chain)), record.digests.count == node.results.count {
        let digests = node.recordOrder.map { record.digests[$0] }
        let values = digests.compactMap { scope.store?.value($0) }
        if values.count == digests.count {
          lock.release()
          let outcomes = zip(node.results, zip(digests, values)).map { index, found in
            Board.Outcome(index: index, value: found.1, content: found.0, isStored: true)
          }
          update(&turn) { $0.ran(unit, outcomes, nodes: 0, sources: record.sources, debt: 0) }
          jobEnded(&turn)
          return .elsewhere
        }
      }
      return .mine(lock)
    case .busy:
      // A timer brings the unit back; no thread waits.
      DispatchQueue.global().asyncAfter(deadline: .now() + Self.pause) { [self] in
        let rank = Rank(depth: frame.depth, sequence: 0, order: unit)
        scope.pool.submit([
          Job(rank: rank, queue: .cpu) { turn in
            if self.isStopped {
              self.fail(unit, .cancelled, &turn)
              return self.jobEnded(&turn)
            }
            self.run(unit, &turn)
          }
        ])
      }
      return .elsewhere
    }
  }
}
