/// Where each intermediate value lies in one slab of memory, so that values never alive together share bytes.
struct BufferPlan: Sendable {
  /// A value's memory need: alive from the step that makes it to the last that reads it, both included.
  struct Interval: Sendable {
    let bytes: Int
    let first: Int
    let last: Int
  }

  let offsets: [Int]
  let totalBytes: Int

  /// Largest first, each at the lowest offset free over its whole life (greedy by size; Pisarchyk & Lee 2020, §5).
  /// Offsets are multiples of 64; 64 bytes are left after each value so that vector loads may run over its end.
  init(_ intervals: [Interval]) {
    var offsets = Array(repeating: 0, count: intervals.count)
    var placed: [Int] = []
    var total = 0
    let order = intervals.indices.sorted { (intervals[$0].bytes, $1) > (intervals[$1].bytes, $0) }
    for index in order {
      let interval = intervals[index]
      let size = BufferPlan.padded(interval.bytes)
      let neighbours = placed.filter { intervals[$0].first <= interval.last && interval.first <= intervals[$0].last }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for other in neighbours {
        if offset + size <= offsets[other] { break }
        offset = max(offset, offsets[other] + BufferPlan.padded(intervals[other].bytes))
      }
      offsets[index] = offset
      placed.append(index)
      total = max(total, offset + size)
    }
    self.offsets = offsets
    totalBytes = total
  }

  static func padded(_ bytes: Int) -> Int { (bytes + 127) & ~63 }
}
