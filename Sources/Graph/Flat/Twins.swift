import Language
import Tensors

/// What makes two plain nodes compute the same thing: op, attributes, policy and what they read.
extension FlatGraph.Node {
  /// Equal for nodes that compute the same.
  var computationHash: Int {
    var hasher = Hasher()
    hasher.combine(op.name)
    hasher.combine(attributes)
    for port in operands {
      hasher.combine(port.count)
      for operand in port { operand.hash(into: &hasher) }
    }
    hasher.combine(policy)
    return hasher.finalize()
  }

  func computesTheSame(as other: FlatGraph.Node) -> Bool {
    op.name == other.op.name && attributes == other.attributes && policy == other.policy
      && operands.elementsEqual(other.operands) { $0.elementsEqual($1) { $0.isSame(as: $1) } }
  }
}

extension FlatGraph.Operand {
  fileprivate func hash(into hasher: inout Hasher) {
    switch self {
    case .value(let index): hasher.combine(index)
    case .constant(let value): hasher.combine(FlatGraph.Operand.digest(value))
    case .list(let items):
      hasher.combine(items.count)
      for item in items { item.hash(into: &hasher) }
    case .item(let list, let index):
      list.hash(into: &hasher)
      hasher.combine(index)
    }
  }

  fileprivate func isSame(as other: FlatGraph.Operand) -> Bool {
    switch (self, other) {
    case (.value(let a), .value(let b)): a == b
    case (.constant(let a), .constant(let b)): FlatGraph.Operand.digest(a) == FlatGraph.Operand.digest(b)
    case (.list(let a), .list(let b)): a.elementsEqual(b) { $0.isSame(as: $1) }
    case (.item(let a, let index), .item(let b, let other)): index == other && a.isSame(as: b)
    default: false
    }
  }

  // A file counts by its path here: what it holds may not be there yet.
  private static func digest(_ value: Value) -> Digest { value.digest { Digest(of: $0) } }
}
