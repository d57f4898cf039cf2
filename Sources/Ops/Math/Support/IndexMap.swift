import Language

/// A result whose elements are read from the operand at an index that each axis gives on its own, or are filled:
/// slices, pads, flips, rolls and their adjoints.
struct IndexMap: Sendable {
  private struct Run: Sendable {
    let start: Int
    let count: Int
    /// First element of the operand's row, or -1 to fill.
    let source: Int
  }

  private let shape: [Int]
  private let maps: [[Int]]
  private let strides: [Int]
  private let rows: Int
  private let length: Int
  private let runs: [Run]
  private let chunking: Chunking

  /// `maps[axis][i]` is the operand's index for index i of the result, or -1 to fill.
  init(operand: [Int], maps: [[Int]]) {
    let maps = maps.isEmpty ? [[0]] : maps
    let operand = operand.isEmpty ? [1] : operand
    self.maps = maps
    shape = maps.map(\.count)
    strides = Movement.strides(operand)
    length = shape[shape.count - 1]
    rows = shape.dropLast().reduce(1, *)
    var runs: [Run] = []
    for (index, source) in maps[maps.count - 1].enumerated() {
      if let last = runs.last, last.source < 0 ? source < 0 : source == last.source + last.count {
        runs[runs.count - 1] = Run(start: last.start, count: last.count + 1, source: last.source)
      } else {
        runs.append(Run(start: index, count: 1, source: source))
      }
    }
    self.runs = runs
    chunking = Chunking(count: rows, unitCost: 2 * length + 8 * shape.count)
  }

  /// `fill` is the bit pattern of what stands where nothing is read.
  func choice(_ name: String, elementSize: Int, fill: UInt64 = 0) -> Choice {
    Choice(name, chunks: chunking.chunks) { call in
      switch elementSize {
      case 1: run(call, UInt8(truncatingIfNeeded: fill))
      case 2: run(call, UInt16(truncatingIfNeeded: fill))
      case 4: run(call, UInt32(truncatingIfNeeded: fill))
      default: run(call, fill)
      }
    }
  }

  private func run<T: BitwiseCopyable>(_ call: KernelCall, _ fill: T) {
    let x = call.operands[0].assumingMemoryBound(to: T.self)
    let y = call.results[0].assumingMemoryBound(to: T.self)
    for row in chunking.range(call.chunk) {
      let target = y + row * length
      guard let start = start(row) else {
        target.update(repeating: fill, count: length)
        continue
      }
      for run in runs {
        if run.source < 0 {
          (target + run.start).update(repeating: fill, count: run.count)
        } else if run.count == 1 {
          target[run.start] = x[start + run.source]
        } else {
          (target + run.start).update(from: x + start + run.source, count: run.count)
        }
      }
    }
  }

  /// Where the operand's row for a row of the result begins; nil where the row is all fill.
  private func start(_ row: Int) -> Int? {
    var rest = row
    var offset = 0
    var axis = shape.count - 2
    while axis >= 0 {
      let quotient = rest / shape[axis]
      let source = maps[axis][rest - quotient * shape[axis]]
      if source < 0 { return nil }
      offset += source * strides[axis]
      rest = quotient
      axis -= 1
    }
    return offset
  }
}
