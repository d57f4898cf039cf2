import Language
import Tensors

/// States of loops in progress, by loop key and step.
extension ResultStore {
  private func name(_ loop: Digest, _ step: Int) -> String {
    let digits = String(step)
    return "\(loop)-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
  }

  /// Keeps the state after `step`. Where the disk refuses it, says why.
  func putCheckpoint(_ state: Value, loop: Digest, step: Int) -> String? {
    guard let disk else {
      loops.withLock { $0[loop, default: [:]][step] = state }
      return nil
    }
    guard let bytes = ValueCodec.encode(state, weightLimit: .max) else { return "it has no form on disk" }
    return Files.reason(disk.writing(bytes, .loops, name(loop, step)))
  }

  func removeCheckpoint(loop: Digest, step: Int) {
    loops.withLock { _ = $0[loop]?.removeValue(forKey: step) }
    disk?.remove(.loops, name(loop, step))
  }

  /// The latest sound state at or before `limit`.
  func checkpoint(loop: Digest, limit: Int) -> (step: Int, state: Value)? {
    for step in checkpointSteps(loop: loop).reversed() where step <= limit {
      if let state = loops.withLock({ $0[loop]?[step] }) { return (step, state) }
      if let disk, let payload = disk.get(.loops, name(loop, step)), let state = ValueCodec.decode(payload) {
        return (step, state)
      }
    }
    return nil
  }

  /// Steps with a stored state, ascending.
  func checkpointSteps(loop: Digest) -> [Int] {
    let inMemory = loops.withLock { Array(($0[loop] ?? [:]).keys) }
    guard let disk else { return inMemory.sorted() }
    let prefix = "\(loop)-"
    let onDisk = Files.names(disk.folder(.loops) + "/" + prefix.prefix(2)).filter { $0.hasPrefix(prefix) }
      .compactMap { Int($0.dropFirst(prefix.count)) }
    return Set(inMemory + onDisk).sorted()
  }
}
