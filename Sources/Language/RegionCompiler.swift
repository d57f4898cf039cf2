import Tensors

/// What is wanted of a region.
public struct Demand: Sendable, Hashable {
  /// A scalar output to differentiate, and the inputs to differentiate it by; the gradients follow the region's
  /// outputs in the executable's results, in this order.
  public var loss: ValueID?
  public var wrt: [ValueID]
  /// Several items in one run; the executable's inputs and outputs are then those that `Batch` says.
  public var batch: Batch?
  /// Whether an observer wants to read the results of every node: each is then made by a kernel of its own, row-major.
  public var showsEveryNode: Bool
  /// Bytes that the caller of a gradient holds while it runs, beside its inputs and outputs.
  public var held: Int

  public init(
    loss: ValueID? = nil, wrt: [ValueID] = [], batch: Batch? = nil, showsEveryNode: Bool = false, held: Int = 0
  ) {
    self.loss = loss
    self.wrt = wrt
    self.batch = batch
    self.showsEveryNode = showsEveryNode
    self.held = held
  }
}

/// Items of one region gathered into one run. The executable takes, in the order of the region's inputs, one value for
/// a shared input and one per item for another; it gives the first item's outputs, then the second's, and so on. Bits
/// are those of the items run alone.
public struct Batch: Sendable, Hashable {
  public var count: Int
  /// Per input of the region: whether all items have the same value.
  public var isShared: [Bool]

  public init(count: Int, isShared: [Bool]) {
    self.count = count
    self.isShared = isShared
  }
}

/// Turns bound regions into programs. The engine is given one; it never sees how.
public protocol RegionCompiler: Sendable {
  /// Every value of `region` must have concrete extents. Programs are memoised by region digest and demand.
  func compile(_ region: Region, _ demand: Demand) throws(Fault) -> any Executable

  /// What a program takes (see `Executable.footprint`), also where it is more than the machine has and `compile` refuses.
  func footprint(_ region: Region, _ demand: Demand, holding positions: Set<Int>?) throws(Fault) -> Footprint

  /// Whether some node of the region can take several items at once and has something to share between them, so that
  /// gathering them may pay.
  func gainsFromBatching(_ region: Region, isShared: [Bool]) -> Bool
}

extension RegionCompiler {
  public func footprint(_ region: Region, _ demand: Demand, holding positions: Set<Int>?) throws(Fault) -> Footprint {
    try compile(region, demand).footprint(holding: positions)
  }
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
  /// The same with some inputs given for good: what depends on them alone is computed once, now. What is passed for
  /// them later is not read. Results have the same bits.
  func holding(_ inputs: [Int: Tensor]) -> any Executable
  /// What the program takes when the inputs at `positions` are given for good, found without their content; nil stands
  /// for those that a run on tensors keeps prepared by itself.
  func footprint(holding positions: Set<Int>?) -> Footprint
  /// Runs on tensors and returns fresh ones.
  func run(_ inputs: [Tensor], _ context: RunContext) -> [Tensor]
}

extension Executable {
  public func holding(_ inputs: [Int: Tensor]) -> any Executable { self }

  public func footprint(holding positions: Set<Int>?) -> Footprint {
    Footprint(workspaceBytes: workspaceBytes, read: (positions ?? []).sorted())
  }

  public func run(_ inputs: [Tensor]) -> [Tensor] { run(inputs, RunContext()) }

  public func run(_ inputs: [Tensor], _ context: RunContext) -> [Tensor] { runFresh(inputs, context) }

  /// Runs on tensors into new buffers.
  public func runFresh(_ inputs: [Tensor], _ context: RunContext) -> [Tensor] {
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

  /// The seed of a node: the run's own, told apart by `Region.Node.position`.
  public func seed(at position: Digest?) -> UInt64 {
    guard let position else { return seed }
    var hasher = ContentHasher()
    hasher.combine(seed)
    hasher.combine(position)
    return hasher.digest.low
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
