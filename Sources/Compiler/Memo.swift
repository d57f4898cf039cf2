/// A dictionary that forgets what was least recently used once the costs or the number of its values pass a limit.
/// The value inserted last always stays.
struct Memo<Key: Hashable, Value> {
  private struct Entry {
    let value: Value
    let cost: Int
    var lastUse: Int
  }

  private var entries: [Key: Entry] = [:]
  private var clock = 0
  private(set) var cost = 0
  private let costLimit: Int
  private let countLimit: Int

  init(costLimit: Int, countLimit: Int) {
    self.costLimit = costLimit
    self.countLimit = countLimit
  }

  var count: Int { entries.count }

  mutating func find(_ key: Key) -> Value? {
    clock += 1
    entries[key]?.lastUse = clock
    return entries[key]?.value
  }

  mutating func insert(_ value: Value, for key: Key, cost: Int) {
    clock += 1
    self.cost += cost - (entries[key]?.cost ?? 0)
    entries[key] = Entry(value: value, cost: cost, lastUse: clock)
    while self.cost > costLimit || entries.count > countLimit,
      let oldest = entries.filter({ $0.key != key }).min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      self.cost -= oldest.value.cost
      entries[oldest.key] = nil
    }
  }
}
