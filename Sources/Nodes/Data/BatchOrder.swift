import Kernels
import Language
import Synchronization
import Tensors

/// Which examples stand in which batch: a function of the seed and the batch's number.
final class BatchOrder: Sendable {
  let size: Int
  /// Batches in a pass.
  let batches: Int
  private let start: Int
  private let count: Int
  private let shuffles: Bool
  private let identities: (count: Int, each: Int)?
  private let labels: DataStream?
  private let source: String

  private struct Pass: Hashable {
    let seed: UInt64
    let number: Int
  }

  /// Orders of the passes asked for last; batches of two are in the making at most.
  private let orders = Mutex<[Pass: [Int]]>([:])
  /// Examples by label, for labels that have several; found when first needed.
  private let groups = Mutex<[[Int]]?>(nil)

  init(_ attributes: Attributes, _ x: DataStream, labels: DataStream?, size: Int) throws(Fault) {
    self.size = size
    self.labels = labels
    source = x.source
    start = min(attributes.int("start"), x.count)
    count = min(attributes.has("count") ? attributes.int("count") : .max, x.count - start)
    shuffles = attributes.bool("shuffle")
    identities =
      attributes.has("identities") ? (attributes.int("identities"), attributes.int("per_identity")) : nil
    let drops = attributes.string("last") == "drop"
    guard count > 0, !drops || count >= size else { throw .tooFewExamples(count, size, x.source) }
    batches = drops || identities != nil ? max(1, count / size) : (count + size - 1) / size
  }

  /// Indices of the examples of a batch.
  func examples(of batch: Int, seed: UInt64) throws(Fault) -> [Int] {
    if let identities { return try sampled(batch, seed, identities.count, identities.each) }
    let (pass, place) = batch.quotientAndRemainder(dividingBy: batches)
    let order = shuffles ? order(Pass(seed: seed, number: pass)) : nil
    return (0..<size).map { offset in
      let position = (place * size + offset) % count
      return start + (order?[position] ?? position)
    }
  }

  private func order(_ pass: Pass) -> [Int] {
    if let known = orders.withLock({ $0[pass] }) { return known }
    let made = BatchOrder.permutation(count, seed: pass.seed, stream: UInt64(pass.number))
    orders.withLock { orders in
      if orders.count >= 2, let oldest = orders.keys.min(by: { $0.number < $1.number }) { orders[oldest] = nil }
      orders[pass] = made
    }
    return made
  }

  /// P labels without repetition, K examples of each; a label that has fewer repeats them.
  private func sampled(_ batch: Int, _ seed: UInt64, _ labels: Int, _ each: Int) throws(Fault) -> [Int] {
    let groups = try grouped(labels)
    // Labels come in passes of their own, so that each is seen equally often.
    let perPass = groups.count / labels
    let (pass, place) = batch.quotientAndRemainder(dividingBy: perPass)
    let order = BatchOrder.permutation(groups.count, seed: seed, stream: UInt64(pass))
    var result: [Int] = []
    for position in place * labels..<(place + 1) * labels {
      let group = groups[order[position]]
      let own = BatchOrder.permutation(
        group.count, seed: seed, stream: 1 << 63 | UInt64(batch) << 20 | UInt64(position))
      for index in 0..<each { result.append(group[own[index % group.count]]) }
    }
    return result
  }

  private func grouped(_ wanted: Int) throws(Fault) -> [[Int]] {
    if let known = groups.withLock({ $0 }) { return known }
    var byLabel: [Float: [Int]] = [:]
    for index in start..<start + count {
      guard let labels else { throw .samplerNeedsLabels() }
      byLabel[try labels.checked(index, seed: 0).elements(Float.self)[0], default: []].append(index)
    }
    let found = byLabel.sorted { $0.key < $1.key }.map(\.value).filter { $0.count > 1 }
    guard found.count >= wanted else { throw .tooFewIdentities(found.count, wanted, source) }
    groups.withLock { $0 = found }
    return found
  }

  /// Fisher and Yates' shuffle of 0..<count from numbers by counter.
  static func permutation(_ count: Int, seed: UInt64, stream: UInt64) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    let words = [UInt32](unsafeUninitializedCapacity: count) { memory, filled in
      Philox(key: seed, counter: UInt128(stream ^ 0x5765_6674) << 64).words(0..<count, memory.baseAddress!)
      filled = count
    }
    for index in stride(from: count - 1, to: 0, by: -1) {
      let other = Int((UInt64(words[index]) * UInt64(index + 1)) >> 32)
      order.swapAt(index, other)
    }
    return order
  }
}
