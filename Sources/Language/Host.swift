import Tensors

/// An op that runs as one task on a queue.
public struct Host: Sendable {
  public enum Queue: Sendable { case cpu, io }

  public let queue: Queue
  /// A cheap result (a lookup, a selection) is never worth storing.
  public let isCheap: Bool
  /// Changes something outside the graph, a gallery: runs always, after its inputs, and is never stored. Running it
  /// again with the same inputs must change nothing more. Its results may only be outputs of the graph.
  public let isEffect: Bool
  /// The results depend on what the input files are called, on the last part of their paths, not on their content only.
  public let readsNames: Bool
  /// Bytes that what a loop hands from step to step comes to within so many steps, where its type tells no size; `first`
  /// is the size of what is connected to the first port.
  public let grown: (@Sendable (Attributes, _ first: Int, _ steps: Int?) -> Int)?
  public let run: @Sendable (HostCall) throws(Fault) -> [Value]

  public init(
    queue: Queue = .cpu, isCheap: Bool = false, isEffect: Bool = false, readsNames: Bool = false,
    grown: (@Sendable (Attributes, _ first: Int, _ steps: Int?) -> Int)? = nil,
    run: @escaping @Sendable (HostCall) throws(Fault) -> [Value]
  ) {
    precondition(!(isCheap && isEffect), "what is cheap may run again and again, an effect may not")
    self.queue = queue
    self.isCheap = isCheap
    self.isEffect = isEffect
    self.readsNames = readsNames
    self.grown = grown
    self.run = run
  }
}

/// One execution of a host op.
public struct HostCall: Sendable {
  public let op: Op
  public let attributes: Attributes
  /// Values per input port, in the op's order.
  public let inputs: [[Value]]
  /// From the run's seed, the op's place in the structure and the item's content; for random ops.
  public let seed: UInt64
  /// There where the node says `"on_error": "skip"`: what cannot be read of many is left out, and told here.
  public let skip: (@Sendable (Fault) -> Void)?

  public init(
    op: Op, attributes: Attributes, inputs: [[Value]], seed: UInt64 = 0,
    skip: (@Sendable (Fault) -> Void)? = nil
  ) {
    self.skip = skip
    self.op = op
    self.attributes = attributes
    self.inputs = inputs
    self.seed = seed
  }

  public func values(_ port: String) -> [Value] {
    guard let index = op.inputs.firstIndex(where: { $0.name == port }) else {
      preconditionFailure("\(op.name) has no port \(port)")
    }
    return inputs[index]
  }

  public func value(_ port: String) -> Value? { values(port).first }

  public func tensor(_ port: String) throws(Fault) -> Tensor {
    guard case .tensor(let tensor)? = value(port) else { throw .failed("port \"\(port)\" carries no tensor") }
    return tensor
  }

  public func image(_ port: String) throws(Fault) -> Image {
    guard case .image(let image)? = value(port) else { throw .failed("port \"\(port)\" carries no image") }
    return image
  }

  public func list(_ port: String) throws(Fault) -> [Value] {
    guard case .list(let list)? = value(port) else { throw .failed("port \"\(port)\" carries no list") }
    return list
  }
}
