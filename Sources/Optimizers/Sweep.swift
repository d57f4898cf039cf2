/// How passes over slabs are run: in chunks of a fixed length, so that sums have one order whatever the width.
public struct Sweep: Sendable {
  /// Elements per chunk.
  static let chunk = 1 << 15

  private static func chunks(_ count: Int) -> Int { (count + chunk - 1) / chunk }

  /// Calls the body once for each of 0..<count, in any order, on any threads, and returns when all calls have.
  public typealias Each = @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

  private let each: Each

  public init(each: @escaping Each) { self.each = each }

  /// One chunk after the other on the calling thread.
  public static let serial = Sweep { count, body in for index in 0..<count { body(index) } }

  /// Runs `body` over all chunks of `count` elements.
  func run(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
    each(Sweep.chunks(count)) { index in
      body(index * Sweep.chunk..<min(count, (index + 1) * Sweep.chunk))
    }
  }

  /// Runs `body` over all chunks and folds their results in chunk order.
  func fold<Part: BitwiseCopyable & Sendable>(
    _ count: Int, _ start: Part, _ body: @Sendable (Range<Int>) -> Part, _ combine: (Part, Part) -> Part
  ) -> Part {
    let chunks = Sweep.chunks(count)
    return withUnsafeTemporaryAllocation(of: Part.self, capacity: max(1, chunks)) { parts in
      parts.initialize(repeating: start)
      // Safe to share: every chunk writes its own element, and they are read when all have returned.
      nonisolated(unsafe) let shared = parts
      run(count) { range in shared[range.lowerBound / Sweep.chunk] = body(range) }
      return parts.reduce(start, combine)
    }
  }

  func sum(_ count: Int, _ body: @Sendable (Range<Int>) -> Double) -> Double { fold(count, 0, body, +) }

  /// Sums of several numbers at once: `body` puts its chunk's share of each into the buffer, which begins as zeros.
  func sums(
    _ count: Int, of numbers: Int, _ body: @Sendable (Range<Int>, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    let chunks = Sweep.chunks(count)
    var parts = Array(repeating: 0.0, count: chunks * numbers)
    parts.withUnsafeMutableBufferPointer { parts in
      // Safe to share: every chunk writes its own numbers, and they are read when all have returned.
      nonisolated(unsafe) let shared = parts
      run(count) { range in
        let start = range.lowerBound / Sweep.chunk * numbers
        body(range, UnsafeMutableBufferPointer(rebasing: shared[start..<start + numbers]))
      }
    }
    return (0..<numbers).map { number in (0..<chunks).reduce(0) { $0 + parts[$1 * numbers + number] } }
  }
}
