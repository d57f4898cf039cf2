import Tensors

/// What the compiler needs to know of a numeric op.
public struct Numeric: Sendable {
  /// Emits the cotangents of the operands from those of the results. One per operand, ports flattened in order; nil
  /// where nothing flows or nothing is asked (`Adjoint.needs`).
  public typealias Gradient = @Sendable (inout Emitter, Adjoint) throws(Fault) -> [ValueID?]

  /// nil: not differentiable.
  public let gradient: Gradient?
  /// nil: items are computed one by one.
  public let batch: BatchRule?
  /// The ways to compute it for these types; never empty. The first takes and gives row-major values and absorbs
  /// nothing.
  public let select: @Sendable (Site) throws(Fault) -> [Choice]
  /// What the op does element by element to one of its operands, for kernels that can do it to their results before
  /// storing them; one way per operand it may be seen from.
  public let pointwise: (@Sendable (Site) -> [Pointwise])?

  public init(
    gradient: Gradient? = nil, batch: BatchRule? = nil, pointwise: (@Sendable (Site) -> [Pointwise])? = nil,
    select: @escaping @Sendable (Site) throws(Fault) -> [Choice]
  ) {
    self.gradient = gradient
    self.batch = batch
    self.pointwise = pointwise
    self.select = select
  }

  /// Passes no gradient on, by definition (a comparison, a rounding, a constant).
  public static let constantGradient: Gradient = { (_, adjoint) throws(Fault) in
    Array(repeating: nil, count: adjoint.needs.count)
  }
}

/// A node seen from its gradient.
public struct Adjoint: Sendable {
  public let node: Region.Node
  /// Cotangent of each result; nil where the loss does not depend on it.
  public let cotangents: [ValueID?]
  /// Per operand, ports flattened in order: whether its cotangent is wanted.
  public let needs: [Bool]

  public init(node: Region.Node, cotangents: [ValueID?], needs: [Bool]) {
    self.node = node
    self.cotangents = cotangents
    self.needs = needs
  }

  public var attributes: Attributes { node.attributes }
  public var operands: [ValueID] { node.operands.flatMap { $0 } }
  public func operand(_ port: Int) -> ValueID? { node.operands[port].first }
  public func result(_ index: Int = 0) -> ValueID { node.results[index] }

  /// The cotangent of the only result that has one; a gradient is never asked for when none has.
  public var cotangent: ValueID { cotangents.compactMap { $0 }[0] }
}

/// One numeric node with everything about its types known.
public struct Site: Sendable, Hashable {
  public let attributes: Attributes
  public let operands: [[Concrete]]
  public let results: [Concrete]
  /// What is done to the only result afterwards and could be done by the node itself, in order. The extra operands of
  /// those that a choice absorbs follow the node's own, in this order.
  public let followers: [Pointwise]

  public init(
    attributes: Attributes, operands: [[Concrete]], results: [Concrete], followers: [Pointwise] = []
  ) {
    self.attributes = attributes
    self.operands = operands
    self.results = results
    self.followers = followers
  }

  public func operand(_ port: Int) -> Concrete { operands[port][0] }
  public func isConnected(_ port: Int) -> Bool { operands.indices.contains(port) && !operands[port].isEmpty }
  public var result: Concrete { results[0] }
}

/// One way to compute a node: which layouts it takes and gives, what it costs, and the function that does a chunk of it.
/// A class, because candidates, plans and programs hand it on.
public final class Choice: Sendable {
  public typealias Run = @Sendable (KernelCall) -> Void

  /// Names the algorithm in traces: `im2col`, `direct-1x1`.
  public let name: String
  /// Per operand, ports flattened in order; those left out are row-major.
  public let operandLayouts: [Layout]
  public let resultLayouts: [Layout]
  /// Floating-point operations, for cost estimates and traces.
  public let operations: Double
  /// Bytes of working memory for one chunk at a time.
  public let scratch: Int
  /// Independent parts. A function of shapes, never of the number of threads.
  public let chunks: Int
  /// Pairs (flattened operand, result) that may share memory.
  public let inPlace: [(operand: Int, result: Int)]
  /// How many of the site's followers it does as well.
  public let absorbs: Int
  /// Taken wherever it is offered, whatever surrounds the node, because its results differ from other kernels' in their
  /// low bits: what an item gives must not depend on what it is computed with.
  public let prevails: Bool
  /// Seconds on one core, to choose by; estimated from `operations` where it is not said.
  public let seconds: Double
  /// Where chunks belong to one image each.
  public let images: Images?
  /// Where each chunk reads and writes its own range of elements only, of all operands and results: how they are cut.
  /// Steps of one cut that follow each other run chunk by chunk, so that what they hand on stays in cache. Without
  /// scratch, and not beside `images`.
  public let flat: Chunking?
  /// A small form of the first result that the kernel can write on the way, which saves reading the result for it.
  public let byProduct: ByProduct?
  /// Where the kernel is a pool that others can do to their results before they store them.
  public let halving: Halving?
  /// The same kernel with such a pool after it, and with the form that tells the places of the maxima as a second
  /// result; nil where it cannot.
  public let halved: (@Sendable (_ places: Halving.Places?) -> Choice)?
  public let run: Run

  public init(
    _ name: String, operandLayouts: [Layout] = [], resultLayouts: [Layout] = [], operations: Double = 0,
    scratch: Int = 0, chunks: Int = 1, inPlace: [(operand: Int, result: Int)] = [], absorbs: Int = 0,
    prevails: Bool = false, seconds: Double? = nil, images: Images? = nil, flat: Chunking? = nil,
    byProduct: ByProduct? = nil, halving: Halving? = nil,
    halved: (@Sendable (_ places: Halving.Places?) -> Choice)? = nil, run: @escaping Run
  ) {
    self.name = name
    self.operandLayouts = operandLayouts
    self.resultLayouts = resultLayouts
    self.absorbs = absorbs
    self.prevails = prevails
    self.images = images
    self.flat = flat
    self.byProduct = byProduct
    self.halving = halving
    self.halved = halved
    // Row-major products run at about 60 GFLOP/s, everything else is bound by memory at about a billion elements.
    self.seconds = seconds ?? operations / (scratch > 0 ? 60e9 : 1e9)
    self.operations = operations
    self.scratch = scratch
    self.chunks = flat?.chunks ?? chunks
    self.inPlace = inPlace
    self.run = run
  }
}

/// A form of a kernel's first result, and the same kernel with the form as a further, last result.
public struct ByProduct: Sendable {
  public let layout: Layout
  public let choice: @Sendable () -> Choice

  public init(_ layout: Layout, choice: @escaping @Sendable () -> Choice) {
    (self.layout, self.choice) = (layout, choice)
  }
}

/// The largest of each whole window of 2 × 2 elements, windows side by side, in blocks.
public struct Halving: Sendable {
  /// Which places of maxima are told: all, or only of maxima above zero.
  public enum Places: Sendable { case all, positive }

  /// The forms of the pool's operand that tell them.
  public let all: Layout
  public let positive: Layout

  public init(all: Layout, positive: Layout) { (self.all, self.positive) = (all, positive) }
}

/// The chunks of a kernel in equal runs, one for each index of the leading dimension (an image): those of a run read and
/// write that image only, of all results and of some operands; other operands are the same for all. An image's elements
/// lie together, the images one behind the other.
public struct Images: Sendable {
  public let count: Int
  /// Flattened operands that have images.
  public let operands: [Int]

  public init(count: Int, operands: [Int]) { (self.count, self.operands) = (count, operands) }
}

/// Memory of one chunk of one node while a program runs. Valid only during the call.
public struct KernelCall {
  /// Per operand, ports flattened in order.
  public let operands: UnsafePointer<UnsafeRawPointer>
  public let results: UnsafePointer<UnsafeMutableRawPointer>
  /// At least `Choice.scratch` bytes, 64-byte aligned, contents undefined.
  public let scratch: UnsafeMutableRawPointer
  public let chunk: Int
  /// Seed and step of the run, for random ops.
  public let seed: UInt64
  public let step: UInt64

  public init(
    operands: UnsafePointer<UnsafeRawPointer>, results: UnsafePointer<UnsafeMutableRawPointer>,
    scratch: UnsafeMutableRawPointer, chunk: Int, seed: UInt64, step: UInt64
  ) {
    self.operands = operands
    self.results = results
    self.scratch = scratch
    self.chunk = chunk
    self.seed = seed
    self.step = step
  }

  public func input(_ index: Int) -> UnsafePointer<Float> { operands[index].assumingMemoryBound(to: Float.self) }
  public func output(_ index: Int = 0) -> UnsafeMutablePointer<Float> {
    results[index].assumingMemoryBound(to: Float.self)
  }
  public var workspace: UnsafeMutablePointer<Float> { scratch.assumingMemoryBound(to: Float.self) }
}

/// How flat ranges are cut into chunks: pieces of a fixed size, so that the cut depends on the shape alone.
public struct Chunking: Sendable, Equatable {
  public let count: Int
  public let size: Int
  public var chunks: Int { max(1, (count + size - 1) / size) }

  /// `count` units of about `unitCost` operations each; a chunk is worth about `grain` operations.
  public init(count: Int, unitCost: Int, grain: Int = 65536) {
    self.count = count
    size = max(1, grain / max(1, unitCost))
  }

  /// The cut that element-wise kernels share, so that they can follow each other chunk by chunk: 64 KB of single
  /// precision, of which several fit into the second-level cache.
  public static func flat(_ count: Int) -> Chunking { Chunking(count: count, unitCost: 4) }

  public func range(_ chunk: Int) -> Range<Int> { chunk * size..<min(count, (chunk + 1) * size) }
}
