import Language

/// Lets kernels pass their results through a pool of 2 × 2 windows before they store them, where nobody else reads those:
/// a value four times the size of the pool's is neither written nor read.
enum Halvings {
  static func absorbed(
    _ operations: [Blueprint.Operation], _ storage: [Blueprint.Storage], wanted: Set<ValueID>
  ) -> [Blueprint.Operation] {
    guard operations.contains(where: { $0.choice.halving != nil }) else { return operations }
    var makers: [ValueID: Int] = [:]
    var readers: [ValueID: [Int]] = [:]
    for (index, operation) in operations.enumerated() {
      for value in operation.results { makers[value] = index }
      for value in operation.operands { readers[value, default: []].append(index) }
    }
    var result = operations
    var gone = Set<Int>()
    for (index, pool) in operations.enumerated() {
      guard let halving = pool.choice.halving, let maker = makers[pool.operands[0]],
        let halved = operations[maker].choice.halved, operations[maker].results == pool.operands,
        !wanted.contains(pool.operands[0])
      else { continue }
      // What else reads the value may be the form of it that the pool's gradient asks for.
      let others = readers[pool.operands[0], default: []].filter { $0 != index }
      let told = others.map { places(operations[$0], storage, halving) }
      guard told.count <= 1, told.allSatisfy({ $0 != nil }) else { continue }
      result[maker] = result[maker].done(
        by: halved(told.first ?? nil), giving: pool.results + others.flatMap { operations[$0].results })
      gone.formUnion(others + [index])
    }
    return result.indices.filter { !gone.contains($0) }.map { result[$0] }
  }

  /// Which places of maxima an operation tells; nil where it does something else.
  private static func places(
    _ operation: Blueprint.Operation, _ storage: [Blueprint.Storage], _ halving: Halving
  ) -> Halving.Places? {
    switch operation.results.first.map({ storage[$0].layout }) {
    case halving.all: .all
    case halving.positive: .positive
    default: nil
    }
  }
}
