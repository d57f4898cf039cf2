import Language
import Tensors

/// A first-order method that looks for the minimum of a function over one flat slab of numbers, by ask and tell: the
/// point is the question, and every `tell` is the answer of exactly one evaluation of loss and gradient there.
///
/// A method that evaluates several times per step (L-BFGS) is a state machine over evaluations, so a run may be cut
/// after any of them. Everything it remembers is in `state`: a fresh optimiser of equal settings that restores it and
/// is given the same point goes on bit-identically.
public protocol Optimizer<Scalar>: Sendable {
  associatedtype Scalar: SlabScalar

  /// The learning rate; a schedule sets it before each evaluation is told. Not part of the state.
  var rate: Double { get set }

  /// What the optimiser remembers, under names that are its own and in a fixed order.
  var state: [NamedTensor] { get }

  /// Takes over a state that an optimiser of the same kind, settings and size gave.
  mutating func restore(_ state: [NamedTensor]) throws(Fault)

  /// Takes the loss and gradient at `point` and moves `point` to where it wants the next evaluation; that may be the
  /// same place again. Both slabs have the length the optimiser was made for.
  mutating func tell(
    loss: Double, gradient: UnsafeBufferPointer<Scalar>, point: UnsafeMutableBufferPointer<Scalar>
  ) -> Outcome
}

/// One entry of a state.
public typealias NamedTensor = (name: String, tensor: Tensor)

/// What an evaluation led to.
public enum Outcome: Sendable, Hashable {
  case proceed
  /// The evaluation met one of the method's own stopping tests. Going on is allowed; the method then does what its
  /// reference implementation does when it is asked for another step.
  case settled(Reason)

  public enum Reason: String, Sendable {
    /// The largest component of the gradient is at most the tolerance.
    case gradient
    /// The slope along the direction of search is within the tolerance of zero, or points upwards.
    case slope
    /// The largest component of the last move is at most the tolerance.
    case move
    /// The loss changed by less than the tolerance.
    case loss
  }
}
