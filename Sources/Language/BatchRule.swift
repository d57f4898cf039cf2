/// How a numeric op computes several items at once: operands that have one item each, with a leading extent of 1, are
/// stacked along that dimension. The bits of every item must be those it has alone, so each leading index has to be
/// computed by itself, in an order that does not depend on how many there are; also the kernel that `select` puts first
/// must not depend on the leading extent.
public struct BatchRule: Sendable {
  /// One use of an op, as a single item has it.
  public struct Use: Sendable {
    public let attributes: Attributes
    /// Types for one item, per port.
    public let operands: [[Concrete]]
    /// Which of them are stacked; the others are the same for all items.
    public let isStacked: [[Bool]]
    public let results: [Concrete]
    public let count: Int

    public init(
      attributes: Attributes, operands: [[Concrete]], isStacked: [[Bool]], results: [Concrete], count: Int
    ) {
      self.attributes = attributes
      self.operands = operands
      self.isStacked = isStacked
      self.results = results
      self.count = count
    }

    /// Whether the first port, and no other, is stacked.
    public var hasStackedFirst: Bool {
      isStacked.first?.allSatisfy { $0 } == true && !isStacked.dropFirst().joined().contains(true)
    }

    /// Of the first operand.
    public var rank: Int { operands.first?.first?.shape.count ?? 0 }
  }

  /// The attributes for the stacked use; nil where this use mixes or moves the leading dimension.
  public let attributes: @Sendable (Use) -> Attributes?

  public init(_ attributes: @escaping @Sendable (Use) -> Attributes?) { self.attributes = attributes }

  /// The first port is stacked, all others (weights) are shared.
  public static let first = BatchRule { $0.hasStackedFirst ? $0.attributes : nil }

  /// Element by element, broadcasting: what is not stacked must not reach the leading dimension.
  public static let pointwise = BatchRule { use in
    let rank = use.results[0].shape.count
    for (type, isStacked) in zip(use.operands.joined(), use.isStacked.joined()) {
      let reaches = type.shape.count == rank
      if isStacked ? !reaches : reaches && type.shape.first != 1 { return nil }
    }
    return use.attributes
  }

  /// As `first`, for an op that works along the axis that `param` names.
  public static func alongAxis(_ param: String = "axis") -> BatchRule {
    BatchRule { use in
      guard use.hasStackedFirst, use.attributes.has(param) else { return nil }
      let axis = use.attributes.int(param)
      return axis == 0 || axis == -use.rank ? nil : use.attributes
    }
  }

  /// As `first`, for an op that works along the axes that `param` lists; where it is left out it works along all.
  public static func alongAxes(_ param: String = "axes") -> BatchRule {
    BatchRule { use in
      guard use.hasStackedFirst, use.attributes.has(param) else { return nil }
      return use.attributes.ints(param).contains { $0 == 0 || $0 == -use.rank } ? nil : use.attributes
    }
  }
}
