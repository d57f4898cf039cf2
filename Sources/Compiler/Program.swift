import Language
import Synchronization
import Tensors
import Workers

/// A region with every decision taken: kernels chosen, memory planned. Running it allocates nothing once each thread
/// that runs it at the same time has its workspace.
final class Program: Executable {
  /// Where a value's bytes are during a run.
  enum Slot: Sendable {
    case input(Int)
    case output(Int)
    case constant(Tensor)
    case slab(offset: Int)
    /// In the memory that each thread has of its own: only one image of a batch, of `stride` bytes.
    case image(offset: Int, stride: Int)
  }

  struct Step: Sendable {
    let operation: Blueprint.Operation
    /// Indices into the slot table.
    let operands: [Int]
    let results: [Int]

    var choice: Choice { operation.choice }
  }

  let inputs: [Concrete]
  let outputs: [Concrete]
  let workspaceBytes: Int
  let operations: Double
  let steps: [Step]
  let slots: [Slot]
  /// Steps that do not run one after the other but all for each image of a batch, or, where there is no number of
  /// images, all for each chunk of elements. In order.
  private let spans: [(steps: Range<Int>, images: Int?)]
  private let slabBytes: Int
  let imageBytes: Int
  let scratchBytes: Int
  let team: Team
  let blueprint: Blueprint
  let store: PreparedStore
  let slabs: SlabPool
  private let idle = Mutex<[Workspace]>([])
  /// Whose memory a parameter is. Not kept alive: the program reads what it has made of it.
  private struct Owner {
    weak var buffer: Buffer?
    let offset: Int
  }

  /// The program with its parameters given for good, and whose memory they are.
  private let held = Mutex<(parameters: [Owner], program: any Executable)?>(nil)

  init(
    blueprint: Blueprint, steps: [Step], slots: [Slot], spans: [(steps: Range<Int>, images: Int?)], slabBytes: Int,
    imageBytes: Int, team: Team, store: PreparedStore, slabs: SlabPool
  ) {
    inputs = blueprint.inputs.map { blueprint.storage[$0].type }
    outputs = blueprint.wanted.map { blueprint.storage[$0].type }
    self.blueprint = blueprint
    self.store = store
    self.slabs = slabs
    self.steps = steps
    self.slots = slots
    self.spans = spans
    self.slabBytes = slabBytes
    self.imageBytes = imageBytes
    self.team = team
    scratchBytes = BufferPlan.padded(steps.reduce(0) { max($0, $1.choice.scratch) })
    workspaceBytes = slabBytes + (scratchBytes + imageBytes) * team.width
    operations = steps.reduce(0) { $0 + $1.choice.operations }
  }

  /// With its outputs.
  var totalBytes: Int { outputs.reduce(workspaceBytes) { min($0, .max / 2) + min($1.byteCount, .max / 2) } }

  func run(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer], _ context: RunContext) {
    let workspace = idle.withLock { $0.popLast() } ?? makeWorkspace()
    let slab = slabs.take(workspaceBytes)
    workspace.bind(slots, slab.memory, inputs: inputs, outputs: outputs)
    var next = 0
    for span in spans {
      for index in next..<span.steps.lowerBound { execute(index, workspace, context) }
      if let images = span.images {
        run(span.steps, images: images, workspace, context)
      } else {
        run(flat: span.steps, workspace, context)
      }
      next = span.steps.upperBound
    }
    for index in next..<steps.count { execute(index, workspace, context) }
    slabs.give(slab)
    idle.withLock { $0.append(workspace) }
  }

  /// Bytes of the program itself, without what it computes with and the weights it shares.
  var ownBytes: Int { steps.count * MemoryLayout<Step>.stride + slots.count * MemoryLayout<Slot>.stride }

  func execute(_ index: Int, _ workspace: Workspace, _ context: RunContext) {
    let operation = steps[index].operation
    let choice = operation.choice
    let operands = UnsafePointer(workspace.operandPointers + workspace.firstOperand[index])
    let results = UnsafePointer(workspace.resultPointers + workspace.firstResult[index])
    let seed = context.seed(at: operation.position)
    let start = context.observer == nil ? 0 : monotonicNanoseconds()
    if choice.chunks == 1 {
      choice.run(
        KernelCall(
          operands: operands, results: results, scratch: workspace.scratch, chunk: 0, seed: seed, step: context.step))
    } else {
      let (run, needsScratch) = (choice.run, choice.scratch > 0)
      team.parallel(chunks: choice.chunks) { chunk in
        let place = needsScratch ? workspace.takeScratch() : 0
        run(
          KernelCall(
            operands: operands, results: results, scratch: workspace.scratch + place * self.scratchBytes, chunk: chunk,
            seed: seed, step: context.step))
        if needsScratch { workspace.giveScratch(place) }
      }
    }
    context.observer?.finished(
      NodeEvent(
        label: operation.label, op: operation.op, choice: choice.name,
        results: zip(resultTypes(operation), steps[index].results).map { ($0, UnsafeRawPointer(workspace.table[$1])) },
        start: start, end: monotonicNanoseconds(), operations: choice.operations))
  }

  /// Of the memory that the operation writes, for observers.
  func resultTypes(_ operation: Blueprint.Operation) -> [Concrete] {
    operation.results.map { blueprint.storage[$0].memory }
  }

  func holding(_ inputs: [Int: Tensor]) -> any Executable {
    Lowering(blueprint.holding(inputs, evaluate)).program(team: team, store: store, slabs: slabs)
  }

  /// Parameters are mostly the same tensors in the next run: what is prepared from them is kept for it. Memory of
  /// tensors is never written again, so the same buffer is the same content.
  func run(_ inputs: [Tensor], _ context: RunContext) -> [Tensor] {
    guard !blueprint.parameters.isEmpty else { return runFresh(inputs, context) }
    let parameters = blueprint.parameters.map { inputs[$0] }
    let program = held.withLock { held -> any Executable in
      // One that is gone equals none, whatever has its memory now.
      if let held, zip(held.parameters, parameters).allSatisfy({ $0.buffer === $1.buffer && $0.offset == $1.offset }) {
        return held.program
      }
      // The old one goes first, or both would be in memory.
      held = nil
      let program = holding(Dictionary(uniqueKeysWithValues: zip(blueprint.parameters, parameters)))
      held = (parameters.map { Owner(buffer: $0.buffer, offset: $0.offset) }, program)
      return program
    }
    return program.runFresh(inputs, context)
  }

  private func evaluate(
    _ operation: Blueprint.Operation, _ operands: [Tensor], _ results: [Blueprint.Storage]
  ) -> [Tensor] {
    if case .prepared(let preparation) = results[0].layout {
      let prepared = store.find(operands[0], preparation.name, byteCount: preparation.byteCount) {
        compute(operation.choice, operands, results)[0]
      }
      // From here on the prepared form is read instead.
      operands[0].buffer.giveUp(operands[0].offset..<operands[0].offset + operands[0].byteCount)
      return [prepared]
    }
    return compute(operation.choice, operands, results)
  }

  private func compute(_ choice: Choice, _ operands: [Tensor], _ results: [Blueprint.Storage]) -> [Tensor] {
    let buffers = results.map { Buffer(byteCount: $0.byteCount) }
    // Safe to share: kernels read the operands and write disjoint parts of the results.
    nonisolated(unsafe) let sources = operands.map { UnsafeRawPointer($0.buffer.bytes + $0.offset) }
    nonisolated(unsafe) let targets = buffers.map(\.bytes)
    team.parallel(chunks: choice.chunks) { chunk in
      let scratch = Buffer(byteCount: choice.scratch)
      sources.withUnsafeBufferPointer { sources in
        targets.withUnsafeBufferPointer { targets in
          choice.run(
            KernelCall(
              operands: sources.baseAddress!, results: targets.baseAddress!, scratch: scratch.bytes,
              chunk: chunk, seed: 0, step: 0))
        }
      }
    }
    return zip(results, buffers).map { Tensor(dtype: $0.memory.dtype, shape: $0.memory.shape, buffer: $1) }
  }

  private func makeWorkspace() -> Workspace {
    Workspace(steps: steps, slotCount: slots.count, slabBytes: slabBytes, width: team.width)
  }
}
