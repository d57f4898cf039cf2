import Language
import Tensors

/// Compares a program's gradient with central differences of its loss.
public enum FiniteDifferences {
  public struct Comparison: Sendable {
    /// Index of the input in `wrt`.
    public let input: Int
    /// d loss / d input along a direction of ±1 per element, from the gradient and from differences.
    public let analytic: Double
    public let numeric: Double

    /// |difference| over the larger of the two sizes and `floor`.
    public func relativeError(floor: Double = 1e-6) -> Double {
      abs(analytic - numeric) / max(abs(analytic), abs(numeric), floor)
    }
  }

  /// Evaluates `executable` (loss first among its outputs, gradients of `wrt` last) at `inputs` displaced by ±`step`
  /// along `directions` pseudo-random sign vectors per input. Directions that agree with the gradient's signs keep the
  /// derivative away from zero, so that its relative error means something in float32.
  public static func compare(
    _ executable: any Executable, inputs: [Tensor], lossOutput: Int, wrt: [Int], step: Float = 1e-2, directions: Int = 2
  ) -> [Comparison] {
    let base = executable.run(inputs)
    let gradients = base.suffix(wrt.count)
    var result: [Comparison] = []
    for (position, (index, gradient)) in zip(wrt, gradients).enumerated() {
      for trial in 0..<directions {
        let slopes = gradient.elements(Float.self)
        var state = UInt64(truncatingIfNeeded: index &* 7919 &+ trial &* 104729 &+ 1)
        let signs = slopes.map { slope -> Float in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          // One element in four goes against the gradient; different ones each time.
          let against = (state >> 60) < 4
          return (slope < 0) != against ? -1 : 1
        }
        func loss(_ scale: Float) -> Double {
          var moved = inputs
          let start = inputs[index].elements(Float.self)
          moved[index] = Tensor(shape: inputs[index].shape, zip(start, signs).map { $0 + scale * step * $1 })
          return Double(executable.run(moved)[lossOutput].elements(Float.self)[0])
        }
        let analytic = zip(slopes, signs).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let numeric = (loss(1) - loss(-1)) / (2 * Double(step))
        result.append(Comparison(input: position, analytic: analytic, numeric: numeric))
      }
    }
    return result
  }
}
