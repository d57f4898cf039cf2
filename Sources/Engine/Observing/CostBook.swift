import Language
import Tensors

/// What ops took in past runs on this machine: seconds per unit of work (bytes read and written), and per operation of
/// compiled programs. A small text file.
final class CostBook: Sendable {
  struct Cost {
    var seconds = 0.0
    var work = 0.0
    var count = 0.0
  }

  private let path: String?
  private let costs: Guarded<[String: Cost]>
  private static let program = "(program)"
  /// Older runs count less: sums are halved when they pass this many calls.
  private static let memory = 200.0

  init(path: String?) {
    self.path = path
    costs = Guarded(path.map(CostBook.load) ?? [:])
  }

  func learn(_ op: String, seconds: Double, work: Int) {
    costs.withLock {
      var cost = $0[op] ?? Cost()
      if cost.count > CostBook.memory {
        cost = Cost(seconds: cost.seconds / 2, work: cost.work / 2, count: cost.count / 2)
      }
      cost.seconds += seconds
      cost.work += Double(work)
      cost.count += 1
      $0[op] = cost
    }
  }

  func learnProgram(operations: Double, seconds: Double) {
    learn(CostBook.program, seconds: seconds, work: Int(min(operations, 1e15)))
  }

  /// Expected seconds of one call, or nil for an op never run. `work` in bytes; nil: the mean of past calls.
  func expected(_ op: String, work: Int?) -> Double? {
    guard let cost = costs.withLock({ $0[op] }), cost.count > 0 else { return nil }
    guard let work, cost.work > 0 else { return cost.seconds / cost.count }
    return cost.seconds * Double(work) / cost.work
  }

  func save() {
    guard let path else { return }
    var text = ""
    for (op, cost) in costs.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      text += "\(op) \(cost.seconds) \(cost.work) \(cost.count)\n"
    }
    text.withUTF8 { bytes in
      _ = Files.write(UnsafeRawBufferPointer(bytes), to: path, temporary: "\(path).\(Files.processID)")
    }
  }

  private static func load(_ path: String) -> [String: Cost] {
    guard let buffer = Files.read(path) else { return [:] }
    let text = String(decoding: UnsafeRawBufferPointer(start: buffer.bytes, count: buffer.byteCount), as: UTF8.self)
    var costs: [String: Cost] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 4, let seconds = Double(parts[1]), let work = Double(parts[2]), let count = Double(parts[3]) {
        costs[String(parts[0])] = Cost(seconds: seconds, work: work, count: count)
      }
    }
    return costs
  }
}
