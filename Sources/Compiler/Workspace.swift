import Glibc
import Language
import Synchronization
import Tensors

/// The memory of one run of a program: the slab of intermediate values, working memory per thread, and the tables of
/// pointers that kernels read.
final class Workspace: @unchecked Sendable {
  // Unchecked because of the raw pointers. A workspace belongs to one run at a time (the program's idle list hands it
  // out and takes it back under a lock); during the run its tables are only read.
  let table: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let operandPointers: UnsafeMutablePointer<UnsafeRawPointer>
  let resultPointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let firstOperand: [Int]
  let firstResult: [Int]
  let scratch: UnsafeMutableRawPointer
  private let slab: UnsafeMutableRawPointer
  private let operandSlots: [Int]
  private let resultSlots: [Int]
  /// One bit per scratch area in use.
  private let taken = Atomic<UInt64>(0)
  private let width: Int

  init(steps: [Program.Step], slotCount: Int, slabBytes: Int, scratchBytes: Int, width: Int) {
    precondition(width <= 64, "scratch areas are handed out by bits of one word")
    self.width = width
    slab = Workspace.memory(slabBytes)
    scratch = Workspace.memory(scratchBytes * width)
    table = .allocate(capacity: max(1, slotCount))
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
    self.firstOperand = firstOperand
    self.firstResult = firstResult
    operandSlots = operands
    resultSlots = results
    operandPointers = .allocate(capacity: max(1, operands.count))
    resultPointers = .allocate(capacity: max(1, results.count))
  }

  /// Bytes of a large page on the processors at hand.
  static let largePage = 2 << 20

  /// Fresh memory, in large pages where it is large. A run touches all of it: a small page costs a fault when it first
  /// does, and a place among the few addresses that the processor can translate at once.
  private static func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard bytes >= 2 * largePage else { return .allocate(byteCount: max(64, bytes), alignment: 64) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: largePage)
    // Whole pages only, so that no more is taken than asked for. A kernel that has none refuses, and nothing is lost.
    madvise(memory, bytes / largePage * largePage, MADV_HUGEPAGE)
    return memory
  }

  deinit {
    slab.deallocate()
    scratch.deallocate()
    table.deallocate()
    operandPointers.deallocate()
    resultPointers.deallocate()
  }

  /// Points every slot at this run's memory.
  func bind(_ slots: [Program.Slot], inputs: [UnsafeRawPointer], outputs: [UnsafeMutableRawPointer]) {
    for (index, slot) in slots.enumerated() {
      let pointer =
        switch slot {
        case .input(let position): UnsafeMutableRawPointer(mutating: inputs[position])
        case .output(let position): outputs[position]
        case .constant(let tensor): tensor.buffer.bytes + tensor.offset
        case .slab(let offset): slab + offset
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
