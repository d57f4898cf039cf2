import Tensors

/// Something outside a graph that keeps things between runs, such as a gallery. As a value it stands for its present
/// state: what is computed from it is computed again when it has changed.
public struct StoreReference: Sendable {
  /// A path, or whatever names the store.
  public let location: String
  /// Digest of the state it is in when asked. What cannot be read has one too; whoever reads it says what is wrong.
  public let state: @Sendable () -> Digest

  public init(location: String, state: @escaping @Sendable () -> Digest) {
    self.location = location
    self.state = state
  }
}
