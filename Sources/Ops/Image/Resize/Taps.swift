/// How one axis is resampled: for each output place, the run of input elements that are read and their weights, which
/// sum to 1.
struct Taps: Sendable, Equatable {
  let input: Int
  let output: Int
  /// First element read, per output place.
  let first: [Int]
  /// Elements read, per output place.
  let count: [Int]
  /// Where the weights of each output place begin.
  let begin: [Int]
  let weights: [Double]

  /// `rows[o]` lists (input index, weight); indices outside are moved to the edge, repeated ones are added up.
  init(input: Int, rows: [[(index: Int, weight: Double)]]) {
    self.input = input
    output = rows.count
    var first: [Int] = []
    var count: [Int] = []
    var begin: [Int] = []
    var weights: [Double] = []
    for row in rows {
      let clamped = row.map { (index: min(max($0.index, 0), input - 1), weight: $0.weight) }
      let low = clamped.map(\.index).min() ?? 0
      let high = clamped.map(\.index).max() ?? -1
      var run = Array(repeating: 0.0, count: high - low + 1)
      for tap in clamped { run[tap.index - low] += tap.weight }
      first.append(low)
      count.append(run.count)
      begin.append(weights.count)
      weights += run
    }
    self.first = first
    self.count = count
    self.begin = begin
    self.weights = weights
  }

  var isIdentity: Bool {
    input == output && weights.allSatisfy { $0 == 1 } && first == Array(0..<output) && count.allSatisfy { $0 == 1 }
  }

  /// Reads where this one writes: the adjoint of resampling.
  var transposed: Taps {
    var rows = Array(repeating: [(index: Int, weight: Double)](), count: input)
    for place in 0..<output {
      for tap in 0..<count[place] { rows[first[place] + tap].append((place, weights[begin[place] + tap])) }
    }
    return Taps(input: output, rows: rows)
  }

  /// The input elements that output places `range` read.
  func needed(_ range: Range<Int>) -> Range<Int> {
    var low = Int.max
    var high = 0
    for place in range where count[place] > 0 {
      low = min(low, first[place])
      high = max(high, first[place] + count[place])
    }
    return low < high ? low..<high : 0..<0
  }
}
