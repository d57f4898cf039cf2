import Synchronization
import Tensors

/// Prepared forms of constants, shared by content between programs for as long as one of them uses them.
final class PreparedStore: Sendable {
  private struct Key: Hashable {
    let content: Digest
    let preparation: String
  }

  private struct Entry {
    weak var buffer: Buffer?
  }

  private let entries = Mutex<[Key: Entry]>([:])

  /// The prepared form of `tensor`, made by `make` unless it exists.
  ///
  /// One form is made at a time: two programs that begin side by side with the same weights would each make and keep all
  /// of them. The work has all threads of the team in any case.
  func find(_ tensor: Tensor, _ preparation: String, byteCount: Int, make: () -> Tensor) -> Tensor {
    let key = Key(content: tensor.digest, preparation: preparation)
    return entries.withLock { entries in
      if let buffer = entries[key]?.buffer { return Tensor(dtype: .f32, shape: [byteCount / 4], buffer: buffer) }
      let made = make()
      entries = entries.filter { $0.value.buffer != nil }
      entries[key] = Entry(buffer: made.buffer)
      return made
    }
  }
}
