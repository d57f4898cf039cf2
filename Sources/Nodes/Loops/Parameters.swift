import Glibc
import Kernels
import Language
import Tensors
import Workers

/// Everything that a minimisation moves, as one flat slab, with its gradient and, if asked for, its running average.
///
/// The slab holds the tensors one after the other, each beginning at a multiple of 64 bytes; the numbers in between are
/// and stay zero, because their gradient is.
final class Parameters {
  struct Part {
    let name: String
    let shape: [Int]
    let start: Int
    /// Factor of the sum of its squares in the loss.
    let penalty: Double

    var count: Int { shape.reduce(1, *) }
    var range: Range<Int> { start..<start + count }
  }

  let parts: [Part]
  /// Length of the slab.
  let count: Int
  private let pointBuffer: Buffer
  private let gradientBuffer: Buffer
  private let averageBuffer: Buffer?
  private let decay: Double
  /// Whether the average leaves out the share that its first value stands for.
  private let isCorrected: Bool
  /// What one chunk of a pass works on: a run of elements of one part, and the part's penalty.
  private let pieces: [(range: Range<Int>, penalty: Double)]

  /// Elements of a piece: few enough that they stay in cache from one loop over them to the next.
  private static let pieceLength = 1 << 15

  init(_ tensors: [(name: String, start: Tensor)], _ attributes: Attributes) throws(Fault) {
    let penalties = try Minimize.penalties(attributes)
    var parts: [Part] = []
    var end = 0
    for (name, start) in tensors {
      guard start.dtype == .f32 else { throw .wrtElement(name, "\(start.dtype.rawValue)\(start.shape)") }
      let begin = (end + 15) & ~15
      // Parameters of weights are told apart by their own names; the name of the whole stands in front of them.
      let own = name.split(separator: "/", maxSplits: 1).last.map(String.init) ?? name
      let penalty = penalties.first { Glob.matches(own, $0.pattern) }?.factor ?? 0
      parts.append(Part(name: name, shape: start.shape, start: begin, penalty: penalty))
      end = begin + start.count
    }
    (self.parts, count) = (parts, end)
    pieces = parts.flatMap { part in
      stride(from: part.range.lowerBound, to: part.range.upperBound, by: Parameters.pieceLength).map {
        ($0..<min(part.range.upperBound, $0 + Parameters.pieceLength), part.penalty)
      }
    }
    let point = Buffer(byteCount: end * 4, zeroed: true)
    for (part, tensor) in zip(parts, tensors) where part.count > 0 {
      (point.bytes + part.start * 4).copyMemory(from: tensor.start.bytes.baseAddress!, byteCount: part.count * 4)
      // From here on the copy is read instead.
      tensor.start.buffer.giveUp(tensor.start.offset..<tensor.start.offset + part.count * 4)
    }
    pointBuffer = point
    gradientBuffer = Buffer(byteCount: end * 4, zeroed: true)
    decay = attributes.has("ema") ? attributes.number("ema") : 0
    isCorrected = attributes.bool("ema_corrected")
    guard attributes.has("ema") else {
      averageBuffer = nil
      return
    }
    let average = Buffer(byteCount: end * 4)
    average.bytes.copyMemory(from: point.bytes, byteCount: end * 4)
    if isCorrected {
      let memory = average.bytes.assumingMemoryBound(to: Float.self)
      Slab.affine(memory, scale: Float(1 - decay), memory, count: end)
    }
    averageBuffer = average
  }

  var point: UnsafeMutablePointer<Float> { pointBuffer.bytes.assumingMemoryBound(to: Float.self) }
  var gradient: UnsafeMutablePointer<Float> { gradientBuffer.bytes.assumingMemoryBound(to: Float.self) }
  private var average: UnsafeMutablePointer<Float>? { averageBuffer?.bytes.assumingMemoryBound(to: Float.self) }

  var hasPenalty: Bool { parts.contains { $0.penalty > 0 } }

  /// Adds the gradient of the penalties, 2 · factor · x, in one pass over memory. Returns what they add to the loss, and
  /// the Euclidean norm of the gradient then.
  func addPenalties() -> (penalty: Double, norm: Double) {
    // Safe to share: each piece writes elements and sums of its own, and the sums are read when all have returned.
    nonisolated(unsafe) let (point, gradient) = (point, gradient)
    return withUnsafeTemporaryAllocation(of: SIMD2<Double>.self, capacity: max(1, pieces.count)) { memory in
      nonisolated(unsafe) let sums = memory
      Team.shared.parallel(chunks: pieces.count) { [pieces] index in
        let (range, penalty) = pieces[index]
        let (place, slope) = (point + range.lowerBound, gradient + range.lowerBound)
        var found = SIMD2<Double>.zero
        if penalty > 0 {
          found.x = penalty * Slab.sumOfSquares(place, count: range.count)
          Slab.axpy(alpha: Float(2 * penalty), place, slope, count: range.count)
        }
        found.y = Slab.sumOfSquares(slope, count: range.count)
        sums[index] = found
      }
      let total = sums[..<pieces.count].reduce(.zero, +)
      return (total.x, total.y.squareRoot())
    }
  }

  /// Shortens the gradient as `torch.nn.utils.clip_grad_norm_` does.
  func clip(to limit: Double, norm: Double) {
    let factor = limit / (norm + 1e-6)
    if factor < 1 { Slab.affine(gradient, scale: Float(factor), gradient, count: count) }
  }

  func confine(to range: ClosedRange<Float>) {
    for part in parts {
      for index in part.range { point[index] = min(max(point[index], range.lowerBound), range.upperBound) }
    }
  }

  /// average ← decay · average + (1 − decay) · point
  func moveAverage() {
    guard let average else { return }
    Slab.affine(average, scale: Float(decay), average, count: count)
    Slab.axpy(alpha: Float(1 - decay), point, average, count: count)
  }

  /// The running average as it is meant: corrected for its start, if asked for (Kingma and Ba 2015, section 3).
  func average(_ part: Part, after steps: Int) -> Tensor {
    let raw = tensor(part, averaged: true)
    guard isCorrected else { return raw }
    let scale = Float(1 / (1 - pow(decay, Double(steps + 1))))
    return Tensor(shape: part.shape, raw.elements(Float.self).map { $0 * scale })
  }

  func tensor(_ part: Part, averaged: Bool = false) -> Tensor {
    let source = averaged ? average! : point
    return Tensor(Float.self, shape: part.shape) { memory in
      memory.baseAddress?.initialize(from: source + part.start, count: part.count)
    }
  }

  // MARK: State

  var state: [(name: String, tensor: Tensor)] {
    parts.map { ("wrt.\($0.name)", tensor($0)) }
      + (averageBuffer == nil ? [] : parts.map { ("ema.\($0.name)", tensor($0, averaged: true)) })
  }

  /// Where a stored state goes.
  func destinations() -> [(name: String, type: Concrete, memory: UnsafeMutableRawPointer)] {
    var result: [(name: String, type: Concrete, memory: UnsafeMutableRawPointer)] = []
    for part in parts {
      let type = Concrete(dtype: .f32, shape: part.shape)
      result.append(("wrt.\(part.name)", type, pointBuffer.bytes + part.start * 4))
      if let averageBuffer { result.append(("ema.\(part.name)", type, averageBuffer.bytes + part.start * 4)) }
    }
    return result
  }
}
