import Kernels
import Language
import Tensors

/// [N, C, …] seen as planes, one per image and channel.
struct ChannelPlanes: Sendable {
  let batch: Int
  let channels: Int
  let area: Int
  private let rank: Int
  /// Planes cut by the work in them.
  let chunks: Chunking

  init(_ shape: [Int]) {
    rank = shape.count
    batch = shape[0]
    channels = shape[1]
    area = shape[2...].reduce(1, *)
    chunks = Chunking(count: shape[0] * shape[1], unitCost: 4 * area)
  }

  /// The layout in which a kernel for blocks reads them: pictures in blocks, or rows of single numbers that are whole
  /// blocks, which lie the same. nil: there is none.
  var blockedLayout: Layout? {
    guard batch > 0, channels > 0, area > 0 else { return nil }
    if rank == 2 { return channels % Blocked.block == 0 ? .rowMajor : nil }
    return rank == 4 ? .blocked : nil
  }

  /// Checks vectors of one number per channel and passes the type of x on.
  static func infer(_ facts: Facts, vectors: [String]) throws(Fault) -> [ValueType] {
    guard let shape = try Shapes.extents(facts, "x", atLeast: 2) else { return [.f32(nil)] }
    for port in vectors {
      try Shapes.requireVector(facts, port, shape[1], because: "x has \(shape[1]) channels")
    }
    return [facts.tensor("x").reshaped(shape, keepingRange: false)]
  }

  /// The type of a vector of one number per channel.
  static func vector(_ facts: Facts) throws(Fault) -> ValueType {
    .f32(try Shapes.extents(facts, "x", atLeast: 2).map { [$0[1]] })
  }
}

extension BlockedBatchNorm {
  init(_ planes: ChannelPlanes, epsilon: Double) {
    self.init(batch: planes.batch, channels: planes.channels, area: planes.area, epsilon: epsilon)
  }
}
