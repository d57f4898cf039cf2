import Language
import Synchronization
import Tensors

/// What one run of a program works with: the tables of pointers that kernels read, into a block of memory that holds the
/// intermediate values and, behind them, working memory per thread and values of one image per thread.
final class Workspace: @unchecked Sendable {
  // Unchecked because of the raw pointers. A workspace belongs to one run at a time (the program's idle list hands it
  // out and takes it back under a lock); during the run its tables are only read.
  let table: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let operandPointers: UnsafeMutablePointer<UnsafeRawPointer>
  let resultPointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// Per step its first entry, and the end.
  let firstOperand: [Int]
  let firstResult: [Int]
  /// Of the current run.
  private(set) var scratch: UnsafeMutableRawPointer
  private let slabBytes: Int
  private let operandSlots: [Int]
  private let resultSlots: [Int]
  /// One bit per scratch area in use.
  private let taken = Atomic<UInt64>(0)
  private let width: Int

  /// - Parameter slabBytes: of the intermediate values, a multiple of 64.
  init(steps: [Program.Step], slotCount: Int, slabBytes: Int, width: Int) {
    precondition(width <= 64, "scratch areas are handed out by bits of one word")
    self.width = width
    self.slabBytes = slabBytes
    table = .allocate(capacity: max(1, slotCount))
    scratch = UnsafeMutableRawPointer(table)
    var operands: [Int] = []
    var results: [Int] = []
    var firstOperand: [Int] = []
    var firstResult: [Int] = []
    for step in steps {
      firstOperand.append(operands.count)
      firstResult.append(results.count)
      operands += step.operands
      results += step.results
    }
    firstOperand.append(operands.count)
    firstResult.append(results.count)
    self.firstOperand = firstOperand
    self.firstResult = firstResult
    operandSlots = operands
    resultSlots = results
    operandPointers = .allocate(capacity: max(1, operands.count))
    resultPointers = .allocate(capacity: max(1, results.count))
  }

  deinit {
    table.deallocate()
    operandPointers.deallocate()
    resultPointers.deallocate()
  }

  /// Points every slot at this run's memory.
  func bind(
    _ slots: [Program.Slot], _ slab: UnsafeMutableRawPointer, inputs: [UnsafeRawPointer],
    outputs: [UnsafeMutableRawPointer]
  ) {
    scratch = slab + slabBytes
    for (index, slot) in slots.enumerated() {
      let pointer =
        switch slot {
        case .input(let position): UnsafeMutableRawPointer(mutating: inputs[position])
        case .output(let position): outputs[position]
        case .constant(let tensor): tensor.buffer.bytes + tensor.offset
        case .slab(let offset): slab + offset
        // Each image's run has its own.
        case .image: slab
        }
      (table + index).initialize(to: pointer)
    }
    for (index, slot) in operandSlots.enumerated() {
      (operandPointers + index).initialize(to: UnsafeRawPointer(table[slot]))
    }
    for (index, slot) in resultSlots.enumerated() { (resultPointers + index).initialize(to: table[slot]) }
  }

  /// Index of a scratch area nobody else uses. At most `width` chunks run at once, so one is always free.
  func takeScratch() -> Int {
    var bits = taken.load(ordering: .relaxed)
    while true {
      let free = (~bits).trailingZeroBitCount
      if free >= width {
        bits = taken.load(ordering: .relaxed)
        continue
      }
      let (exchanged, original) = taken.compareExchange(
        expected: bits, desired: bits | (1 << UInt64(free)), ordering: .acquiring)
      if exchanged { return free }
      bits = original
    }
  }

  func giveScratch(_ index: Int) { taken.bitwiseAnd(~(1 << UInt64(index)), ordering: .releasing) }
}
