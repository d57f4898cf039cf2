import Synchronization

/// A flag that asks long work to stop. It is only ever raised; the work looks at it where stopping is safe.
public final class CancelToken: Sendable {
  private let raised = Atomic<Bool>(false)

  public init() {}

  /// Raises the flag; later calls change nothing.
  public func cancel() { raised.store(true, ordering: .releasing) }

  public var isCancelled: Bool { raised.load(ordering: .acquiring) }
}
