import Tensors

/// An op that runs a session over a body: the engine opens it, steps it, checkpoints its state and decides when to stop.
public protocol LoopOp: Sendable {
  func open(_ site: LoopSite) throws(Fault) -> any LoopSession
  /// Bytes that a session carries besides its compiled body, where the values being optimised take `slab` bytes.
  func workingBytes(_ attributes: Attributes, slab: Int) -> Int
}

extension LoopOp {
  /// The values and their gradient.
  public func workingBytes(_ attributes: Attributes, slab: Int) -> Int { 2 * slab }
}

/// A body ready to run, and what feeds it.
public struct LoopSite: Sendable {
  /// Where an input of the body's region comes from.
  public enum Source: Sendable {
    /// The value being optimised, by index in `wrt`.
    case wrt(Int)
    /// The same value at every step.
    case fixed(Tensor)
  }

  public let attributes: Attributes
  /// Bound: every extent is a number.
  public let body: Region
  public let sources: [Source]
  /// The region's outputs by name, in the region's order.
  public let outputs: [String]
  public let wrt: [(name: String, start: Tensor)]
  public let loss: String
  public let seed: UInt64
  public let compiler: any RegionCompiler

  public init(
    attributes: Attributes, body: Region, sources: [Source], outputs: [String], wrt: [(name: String, start: Tensor)],
    loss: String, seed: UInt64, compiler: any RegionCompiler
  ) {
    self.attributes = attributes
    self.body = body
    self.sources = sources
    self.outputs = outputs
    self.wrt = wrt
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
  /// One evaluation of the body and one update.
  func step(_ context: RunContext) throws(Fault) -> StepReport
  /// A value to keep: a body output as of the last step, or a `wrt` by name.
  func value(_ name: String) -> Tensor?
}

public struct StepReport: Sendable {
  public let loss: Double
  public let log: [Double]
  /// Why no further step would change anything, when the method itself says so.
  public let finished: String?

  public init(loss: Double, log: [Double], finished: String? = nil) {
    self.loss = loss
    self.log = log
    self.finished = finished
  }
}
