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
    var placed = Lives(steps: (intervals.map(\.last).max() ?? 0) + 1)
    var total = 0
    let order = intervals.indices.sorted { (intervals[$0].bytes, $1) > (intervals[$1].bytes, $0) }
    for index in order {
      let interval = intervals[index]
      let size = BufferPlan.padded(interval.bytes)
      let neighbours = placed.meeting(interval).sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for other in neighbours {
        if offset + size <= offsets[other] { break }
        offset = max(offset, offsets[other] + BufferPlan.padded(intervals[other].bytes))
      }
      offsets[index] = offset
      placed.insert(index, interval)
      total = max(total, offset + size)
    }
    self.offsets = offsets
    totalBytes = total
  }

  static func padded(_ bytes: Int) -> Int { (bytes + 127) & ~63 }

  /// Intervals, to be asked which of them meet another. A tree of ranges of steps, each range with the intervals that
  /// live through all of it but not through all of the range above: what is alive at a step stands on the way from its
  /// leaf to the root.
  private struct Lives {
    private let steps: Int
    private var through: [[Int]]
    private var beginning: [[Int]]

    init(steps: Int) {
      self.steps = steps
      through = Array(repeating: [], count: 2 * steps)
      beginning = Array(repeating: [], count: steps)
    }

    mutating func insert(_ index: Int, _ interval: Interval) {
      beginning[interval.first].append(index)
      var (low, high) = (interval.first + steps, interval.last + 1 + steps)
      while low < high {
        if low % 2 == 1 {
          through[low].append(index)
          low += 1
        }
        if high % 2 == 1 {
          high -= 1
          through[high].append(index)
        }
        low /= 2
        high /= 2
      }
    }

    /// Those alive at the first step, and those that begin at a later one.
    func meeting(_ interval: Interval) -> [Int] {
      var found: [Int] = []
      var range = interval.first + steps
      while range > 0 {
        found += through[range]
        range /= 2
      }
      for step in interval.first + 1..<interval.last + 1 { found += beginning[step] }
      return found
    }
  }
}
