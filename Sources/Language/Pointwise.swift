/// What an element-wise op does to one operand, in terms that kernels know.
public struct Pointwise: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Nothing: the result is the operand, of the same type, and the node need not run.
    case keep
    /// Zero where the element is below zero.
    case rectify
    /// Times a slope below zero; the other operand has that many slopes, one per channel or one for all.
    case lean(slopes: Int)
    /// Held between two bounds, zero among what lies between.
    case bound(low: Float, high: Float)
    /// Channel c, the third dimension from the end, is channel order[c] of the operand times scale[c] plus shift[c].
    case channels(order: [Int], scale: [Float], shift: [Float])
    /// Plus the other operand, of the same shape.
    case add
    /// Zero where the other operand, of the same shape, is not above zero.
    case mask
  }

  public let kind: Kind
  /// The flattened operand it is done to, and the other one where there is one.
  public let operand: Int
  public let other: Int?
  /// As a follower: which operand of the node that is followed the other one is, where it is one of them.
  public let shared: Int?

  public init(_ kind: Kind, operand: Int = 0, other: Int? = nil, shared: Int? = nil) {
    self.kind = kind
    self.operand = operand
    self.other = other
    self.shared = shared
  }
}
