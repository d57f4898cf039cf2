/// A number from 0 on for some values of a graph. An array where many of the graph's values are expected, a dictionary
/// where few are: of a graph of many small parts, each must not pay for the whole.
struct ValueTable {
  private var dense: [Int] = []
  private var sparse: [Int: Int] = [:]

  /// - Parameters:
  ///   - expected: of the values, how many are likely to have a number.
  ///   - total: values in the graph.
  init(expected: Int, of total: Int) {
    if expected >= total / 8 { dense = Array(repeating: -1, count: total) } else { sparse.reserveCapacity(expected) }
  }

  subscript(value: Int) -> Int? {
    get {
      if dense.isEmpty { return sparse[value] }
      return dense[value] < 0 ? nil : dense[value]
    }
    set { if dense.isEmpty { sparse[value] = newValue } else { dense[value] = newValue ?? -1 } }
  }
}
