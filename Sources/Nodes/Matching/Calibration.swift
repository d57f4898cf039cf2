import Glibc

/// What distances of genuine and impostor pairs say about a matcher that accepts distances up to a threshold.
///
/// FAR, the false accept rate: accepted impostor pairs / impostor pairs. FRR, the false reject rate: rejected genuine
/// pairs / genuine pairs (ISO/IEC 19795-1 calls them FMR and FNMR).
struct Calibration {
  /// Sorted.
  let genuine: [Double]
  let impostor: [Double]

  init(genuine: [Double], impostor: [Double]) {
    self.genuine = genuine.sorted()
    self.impostor = impostor.sorted()
  }

  func far(_ threshold: Double) -> Double { share(impostor, threshold) }
  func frr(_ threshold: Double) -> Double { 1 - share(genuine, threshold) }

  /// The share of distances of at most `threshold`.
  private func share(_ sorted: [Double], _ threshold: Double) -> Double {
    Double(count(sorted, threshold)) / Double(max(1, sorted.count))
  }

  func count(_ sorted: [Double], _ threshold: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= threshold { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Probability that a genuine pair is nearer than an impostor pair, ties counting half: the area under the ROC curve
  /// (Mann & Whitney 1947).
  var areaUnderCurve: Double {
    var (below, equal, sum) = (0, 0, 0.0)
    for distance in impostor {
      while below < genuine.count, genuine[below] < distance { below += 1 }
      equal = max(equal, below)
      while equal < genuine.count, genuine[equal] <= distance { equal += 1 }
      sum += Double(below) + 0.5 * Double(equal - below)
    }
    return sum / (Double(genuine.count) * Double(impostor.count))
  }

  /// Where FAR and FRR cross: the mean of both where they are nearest, and the threshold there.
  var equalErrorRate: (rate: Double, threshold: Double) {
    // FAR - FRR rises with the threshold; it changes only at distances that occur.
    let all = (genuine + impostor).sorted()
    var (low, high) = (0, all.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if far(all[middle]) >= frr(all[middle]) { high = middle } else { low = middle + 1 }
    }
    let candidates = [low - 1, low].filter { all.indices.contains($0) }.map { all[$0] }
    let best = candidates.min { abs(far($0) - frr($0)) < abs(far($1) - frr($1)) }!
    return ((far(best) + frr(best)) / 2, best)
  }

  /// The threshold with the largest share of right verdicts, and that share; the middle between the distances on both
  /// sides of it.
  var bestAccuracy: (accuracy: Double, threshold: Double) {
    let all = Set(genuine + impostor).sorted()
    var best = (right: impostor.count, index: -1)
    var (accepted, wrong) = (0, 0)
    for (index, distance) in all.enumerated() {
      while accepted < genuine.count, genuine[accepted] <= distance { accepted += 1 }
      while wrong < impostor.count, impostor[wrong] <= distance { wrong += 1 }
      let right = accepted + impostor.count - wrong
      if right > best.right { best = (right, index) }
    }
    let low = best.index >= 0 ? all[best.index] : 0
    let high = best.index + 1 < all.count ? all[best.index + 1] : low
    return (Double(best.right) / Double(genuine.count + impostor.count), (low + high) / 2)
  }

  /// Impostor pairs below which a FAR says nothing: 1 / FAR, and 20 in any case.
  static func needed(far: Double) -> Int { max(20, Int((1 / far).rounded(.up))) }

  /// The largest threshold that accepts at most the share `far` of the impostor pairs: the middle between the last
  /// accepted one and the next; nil when there are too few to tell.
  func threshold(far: Double) -> Double? {
    guard impostor.count >= Calibration.needed(far: far) else { return nil }
    var accepted = min(impostor.count - 1, Int(far * Double(impostor.count) + 1e-9))
    // Equal distances are accepted or rejected together.
    while accepted > 0, impostor[accepted - 1] == impostor[accepted] { accepted -= 1 }
    let low = accepted > 0 ? impostor[accepted - 1] : 0
    return (low + impostor[accepted]) / 2
  }

  /// Wilson's score interval of a share (Wilson 1927), with the confidence that the normal quantile `z` stands for.
  static func interval(_ hits: Int, of count: Int, z: Double) -> (low: Double, high: Double) {
    guard count > 0 else { return (0, 1) }
    let (n, p) = (Double(count), Double(hits) / Double(count))
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let reach = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return (max(0, centre - reach), min(1, centre + reach))
  }

  /// z such that a normal variable lies in ±z with this probability.
  static func quantile(confidence: Double) -> Double {
    var (low, high) = (0.0, 10.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if erf(middle / 2.0.squareRoot()) < confidence { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
