import Tensors

/// What is wanted of a region.
public struct Demand: Sendable, Hashable {
  /// A scalar output to differentiate, and the inputs to differentiate it by; the gradients follow the region's
  /// outputs in the executable's results, in this order.
  public var loss: ValueID?
  public var wrt: [ValueID]

  public init(loss: ValueID? = nil, wrt: [ValueID] = []) {
    self.loss = loss
    self.wrt = wrt
  }
}

/// Turns bound regions into programs. The engine is given one; it never sees how.
public protocol RegionCompiler: Sendable {
  /// Every value of `region` must have concrete extents. Programs are memoised by region digest and demand.
  func compile(_ region: Region, _ demand: Demand) throws(Fault) -> any Executable
}

/// A compiled region on planned memory.
public protocol Executable: Sendable {
  var inputs: [Concrete] { get }
  /// The region's outputs, then the gradients.
  var outputs: [Concrete] { get }
  /// Bytes of working memory a run takes besides inputs and outputs.
  var workspaceBytes: Int { get }
  /// Floating-point operations of one run.
  var operations: Double { get }
  /// Runs once. May be called from several threads; allocates nothing after the first call of each.
  func run(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer], _ context: RunContext)
}

extension Executable {
  /// Runs on tensors and returns fresh ones.
  public func run(_ inputs: [Tensor], _ context: RunContext = RunContext()) -> [Tensor] {
    precondition(inputs.count == self.inputs.count, "\(inputs.count) inputs for \(self.inputs.count)")
    for (tensor, type) in zip(inputs, self.inputs) {
      precondition(tensor.dtype == type.dtype && tensor.shape == type.shape, "\(tensor.shape) given for \(type.shape)")
    }
    let buffers = outputs.map { Buffer(byteCount: $0.byteCount) }
    run(inputs.map { UnsafeRawPointer($0.buffer.bytes + $0.offset) }, into: buffers.map(\.bytes), context)
    return zip(outputs, buffers).map { Tensor(dtype: $0.dtype, shape: $0.shape, buffer: $1) }
  }
}

/// What one run of a program is told.
public struct RunContext: Sendable {
  public var seed: UInt64
  public var step: UInt64
  public var observer: (any RunObserver)?

  public init(seed: UInt64 = 0, step: UInt64 = 0, observer: (any RunObserver)? = nil) {
    self.seed = seed
    self.step = step
    self.observer = observer
  }
}

/// Sees every node of a program as it finishes: traces, probes, NaN traps.
public protocol RunObserver: Sendable {
  func finished(_ event: NodeEvent)
}

public struct NodeEvent {
  public let label: String
  public let op: String
  public let choice: String
  public let results: [(type: Concrete, bytes: UnsafeRawPointer)]
  /// Monotonic clock, nanoseconds.
  public let start: UInt64
  public let end: UInt64
  public let operations: Double

  public init(
    label: String, op: String, choice: String, results: [(type: Concrete, bytes: UnsafeRawPointer)], start: UInt64,
    end: UInt64, operations: Double
  ) {
    self.label = label
    self.op = op
    self.choice = choice
    self.results = results
    self.start = start
    self.end = end
    self.operations = operations
  }
}
