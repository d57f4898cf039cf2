import Language

/// Chooses a kernel per candidate so that kernels and the conversions between the layouts they take and give cost
/// least together.
struct LayoutChoice {
  private let region: Region
  private let candidates: [Candidate]
  private let wanted: Set<ValueID>
  /// Values that do not change from run to run: converting them is free, because it is done once.
  private let isSteady: [Bool]
  /// Per value, the candidate that makes it and, where there is a choice, the candidates that read it.
  private var maker: [Int?]
  private var readers: [[(candidate: Int, slot: Int)]]
  private(set) var picks: [Int]

  init(region: Region, candidates: [Candidate], wanted: [ValueID], isSteady: [Bool]) {
    self.region = region
    self.candidates = candidates
    self.wanted = Set(wanted)
    self.isSteady = isSteady
    maker = Array(repeating: nil, count: region.types.count)
    readers = []
    picks = Array(repeating: 0, count: candidates.count)
    for (index, candidate) in candidates.enumerated() { for value in candidate.results { maker[value] = index } }
    let open = candidates.indices.filter { candidates[$0].choices.count > 1 }
    if open.isEmpty { return }
    readers = Array(repeating: [], count: region.types.count)
    for (index, candidate) in candidates.enumerated() {
      for (slot, value) in candidate.operands.enumerated() { readers[value].append((index, slot)) }
    }
    search(open)
  }

  func choice(_ candidate: Int) -> Choice { candidates[candidate].choices[picks[candidate]] }

  /// The layout a value is made in.
  func layout(_ value: ValueID) -> Layout {
    guard let index = maker[value] else { return .rowMajor }
    let layouts = choice(index).resultLayouts
    return layouts.isEmpty ? .rowMajor : layouts[candidates[index].results.firstIndex(of: value)!]
  }

  /// First forwards, each candidate taking what suits the layouts its operands have; then a few sweeps in which each
  /// takes what suits both sides. A sweep never raises the total, and a region of two layouts settles in two or three.
  /// - Parameter open: the candidates that can be done in several ways.
  private mutating func search(_ open: [Int]) {
    for index in open { picks[index] = best(index, looksAhead: false) }
    for round in 0..<4 {
      var changed = false
      for index in round % 2 == 0 ? open.reversed() : open {
        let pick = best(index, looksAhead: true)
        changed = changed || pick != picks[index]
        picks[index] = pick
      }
      if !changed { break }
    }
  }

  private mutating func best(_ index: Int, looksAhead: Bool) -> Int {
    let before = picks[index]
    var best = (pick: before, cost: Double.infinity)
    for pick in candidates[index].choices.indices {
      picks[index] = pick
      let cost = cost(index, looksAhead)
      // Strictly better, so that equal kernels stay where they are and sweeps end.
      if cost < best.cost * 0.999_999 || (pick == before && cost <= best.cost) { best = (pick, cost) }
    }
    picks[index] = before
    return best.pick
  }

  private func cost(_ index: Int, _ looksAhead: Bool) -> Double {
    let candidate = candidates[index]
    let choice = choice(index)
    var total = choice.seconds
    for (slot, value) in candidate.operands.enumerated() {
      total += conversion(value, from: layout(value), to: choice.operandLayout(slot))
    }
    guard looksAhead else { return total }
    for value in candidate.results {
      let own = layout(value)
      // Readers of one layout share one conversion.
      var seen: [Layout] = wanted.contains(value) ? [.rowMajor] : []
      for reader in readers[value] {
        let layout = self.choice(reader.candidate).operandLayout(reader.slot)
        if !seen.contains(layout) { seen.append(layout) }
      }
      for layout in seen { total += conversion(value, from: own, to: layout) }
    }
    return total
  }

  /// Seconds, at about 4 GB/s read and written by a transposing copy.
  private func conversion(_ value: ValueID, from: Layout, to: Layout) -> Double {
    guard from != to, !isSteady[value] else { return 0 }
    let type = region.concrete(value)
    if case .prepared(let preparation) = to, preparation.source != from {
      return conversion(value, from: from, to: preparation.source)
        + conversion(value, from: preparation.source, to: to)
    }
    return Double(from.byteCount(type) + to.byteCount(type)) / 8e9
  }
}

extension Choice {
  /// The layout that the kernel wants of a flattened operand; row-major of those that it does not speak of.
  func operandLayout(_ slot: Int) -> Layout { slot < operandLayouts.count ? operandLayouts[slot] : .rowMajor }
}
