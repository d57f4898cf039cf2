import Tensors

/// An op that runs a session over a body: the engine opens it, steps it, checkpoints its state and decides when to stop.
public protocol LoopOp: Sendable {
  func open(_ site: LoopSite) throws(Fault) -> any LoopSession
  /// Bytes that a session carries besides its compiled body, where the values being optimised take `slab` bytes: the most
  /// that it can come to, or to within so many steps.
  func workingBytes(_ attributes: Attributes, slab: Int, steps: Int?) -> Int
  /// Bytes that a copy of its state takes beside what it carries.
  func stateBytes(_ attributes: Attributes, slab: Int) -> Int
}

extension LoopOp {
  /// The values and their gradient.
  public func workingBytes(_ attributes: Attributes, slab: Int, steps: Int?) -> Int { 2 * slab }

  /// The values.
  public func stateBytes(_ attributes: Attributes, slab: Int) -> Int { slab }
}

/// A body ready to run, and what feeds it.
public struct LoopSite: Sendable {
  /// Where an input of a body's region comes from.
  public enum Source: Sendable {
    /// The value being optimised, by index in `wrt`.
    case wrt(Int)
    /// The carried value, by index in `states`.
    case state(Int)
    /// The element of the step, by index in the program's `streams`.
    case stream(Int)
    /// The same value at every step.
    case fixed(Tensor)
  }

  /// A body with everything bound: every extent is a number.
  public struct Program: Sendable {
    public let body: Region
    /// One per input of the region.
    public let sources: [Source]
    public let streams: [DataStream]
    /// The region's first outputs by name, in the region's order; new values of states may follow them.
    public let outputs: [String]

    public init(body: Region, sources: [Source], streams: [DataStream] = [], outputs: [String]) {
      self.body = body
      self.sources = sources
      self.streams = streams
      self.outputs = outputs
    }
  }

  /// A value carried from step to step.
  public struct State: Sendable {
    public let name: String
    public let start: Tensor
    /// The output of the training region that holds its next value.
    public let output: Int

    public init(name: String, start: Tensor, output: Int) {
      self.name = name
      self.start = start
      self.output = output
    }
  }

  /// Weights that are optimised as one value: which of their tensors move, and how.
  public struct Weights: Sendable {
    public enum Member: Sendable { case wrt(Int), state(Int) }

    public let name: String
    public let start: WeightSet
    /// By the tensor's name in the set; what is not here stays as it was.
    public let members: [String: Member]
    /// Tensors that a network asked for and that stay as they began, where the set makes them when asked.
    public let fixed: [String: Tensor]

    public init(name: String, start: WeightSet, members: [String: Member], fixed: [String: Tensor]) {
      self.name = name
      self.start = start
      self.members = members
      self.fixed = fixed
    }
  }

  public let attributes: Attributes
  public let training: Program
  /// A body that only measures, over the same values.
  public let validation: Program?
  public let wrt: [(name: String, start: Tensor)]
  public let states: [State]
  /// Ports that are weights.
  public let weights: [Weights]
  /// By the op's own input ports, where something arrives.
  public let given: [String: Value]
  public let loss: String
  public let seed: UInt64
  public let compiler: any RegionCompiler

  public init(
    attributes: Attributes, training: Program, validation: Program? = nil, wrt: [(name: String, start: Tensor)],
    states: [State] = [], weights: [Weights] = [], given: [String: Value] = [:], loss: String, seed: UInt64,
    compiler: any RegionCompiler
  ) {
    self.attributes = attributes
    self.training = training
    self.validation = validation
    self.wrt = wrt
    self.states = states
    self.weights = weights
    self.given = given
    self.loss = loss
    self.seed = seed
    self.compiler = compiler
  }
}

/// A loop in progress. Used from one thread at a time.
public protocol LoopSession: AnyObject {
  /// Everything the next step depends on. Restoring it continues bit for bit.
  var state: [(name: String, tensor: Tensor)] { get }
  func restore(_ state: [(name: String, tensor: Tensor)]) throws(Fault)
  /// Names of `StepReport.log`, in order.
  var columns: [String] { get }
  /// Examples that one step learns from; nil where it takes none.
  var examples: Int? { get }
  /// One evaluation of the body and one update.
  func step(_ context: RunContext) throws(Fault) -> StepReport
  /// A value to keep: a body output as of the last step, or a `wrt` or state by name.
  func value(_ name: String) -> Value?
}

extension LoopSession {
  public var examples: Int? { nil }
}

public struct StepReport: Sendable {
  public let loss: Double
  public let log: [Double]
  /// What "best" and early stopping go by, the lower the better: the loss, or a measurement where there is validation;
  /// nil when this step made none.
  public let score: Double?
  /// Why no further step would change anything, when the method itself says so.
  public let finished: String?

  public init(loss: Double, log: [Double], score: Double? = nil, finished: String? = nil) {
    self.loss = loss
    self.log = log
    self.score = score
    self.finished = finished
  }
}
