/// What an element-wise op does to one operand, in terms that kernels know.
public struct Pointwise: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Zero where the element is below zero.
    case rectify
    /// Times a slope below zero; the other operand has that many slopes, one per channel or one for all.
    case lean(slopes: Int)
    /// Plus the other operand, of the same shape.
    case add
    /// Zero where the other operand, of the same shape, is not above zero.
    case mask
  }

  public let kind: Kind
  /// The flattened operand it is done to, and the other one where there is one.
  public let operand: Int
  public let other: Int?

  public init(_ kind: Kind, operand: Int = 0, other: Int? = nil) {
    self.kind = kind
    self.operand = operand
    self.other = other
  }
}
