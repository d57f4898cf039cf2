import Language
import Tensors

/// Steps of one size: x ← x − rate · g / |g|, with |g| the mean size of a component or the root of its mean square.
/// With the negative of an objective as loss this is the ascent of Deep Dream (Mordvintsev et al. 2015):
/// rate / mean |g|.
public struct NormalisedDescent<Scalar: SlabScalar>: Optimizer {
  public enum Norm: String, Sendable, CaseIterable { case meanAbs = "mean_abs", rootMeanSquare = "rms", l2 }

  public var rate: Double
  private let norm: Norm
  private let count: Int
  private let sweep: Sweep

  public init(rate: Double, norm: Norm = .meanAbs, count: Int, sweep: Sweep = .serial) {
    self.rate = rate
    self.norm = norm
    self.count = count
    self.sweep = sweep
  }

  /// It remembers nothing.
  public var state: [NamedTensor] { [] }

  public mutating func restore(_ state: [NamedTensor]) throws(Fault) {
    let reader = try StateReader(state, of: "normalised")
    try reader.finish()
  }

  public mutating func tell(
    loss: Double, gradient: UnsafeBufferPointer<Scalar>, point: UnsafeMutableBufferPointer<Scalar>
  ) -> Outcome {
    precondition(gradient.count == count && point.count == count, "slabs of another length")
    let (gradient, point, isSquare) = (Slab(gradient), Slab(point), norm != .meanAbs)
    // The slab may hold zeros between its parts: the mean is over the components that have a slope.
    let sums = sweep.fold(count, SIMD2<Double>()) { range in
      var sums = SIMD2<Double>()
      for index in range where gradient.start[index] != 0 {
        let value = Double(gradient.start[index])
        sums += SIMD2(isSquare ? value * value : abs(value), 1)
      }
      return sums
    } _: {
      $0 + $1
    }
    guard sums.y > 0 else { return .settled(.gradient) }
    let size: Double
    switch norm {
    case .meanAbs: size = sums.x / sums.y
    case .rootMeanSquare: size = (sums.x / sums.y).squareRoot()
    case .l2: size = sums.x.squareRoot()
    }
    let factor = Scalar(rate / size)
    sweep.run(count) { range in
      for index in range { point.start[index] -= factor * gradient.start[index] }
    }
    return .proceed
  }
}

extension OptimizerMethod {
  public static let normalised = OptimizerMethod(
    "normalised", doc: "Gradient descent in steps of one size, as Deep Dream climbs.",
    params: [
      Param("lr", .number(.natural), default: .float(0.01), "Learning rate: the size of a step."),
      Param(
        "norm", .choice(NormalisedDescent<Float>.Norm.allCases.map(\.rawValue)), default: .string("mean_abs"),
        "What of the gradient becomes lr: mean size of a component, root mean square, or length."),
    ], slabs: { _, _ in 0 }
  ) { settings, count, sweep in
    NormalisedDescent<Float>(
      rate: settings.number("lr"), norm: NormalisedDescent<Float>.Norm(rawValue: settings.string("norm"))!,
      count: count, sweep: sweep)
  }
}
