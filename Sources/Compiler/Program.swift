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
  }

  struct Step: Sendable {
    let label: String
    let op: String
    let position: Digest?
    let choice: Choice
    /// Indices into the slot table.
    let operands: [Int]
    let results: [Int]
    let resultTypes: [Concrete]
  }

  let inputs: [Concrete]
  let outputs: [Concrete]
  let workspaceBytes: Int
  let operations: Double
  private let steps: [Step]
  private let slots: [Slot]
  private let slabBytes: Int
  private let scratchBytes: Int
  private let team: Team
  private let blueprint: Blueprint
  private let store: PreparedStore
  private let idle = Mutex<[Workspace]>([])
  /// The program with its parameters given for good, and whose memory they are.
  private let held = Mutex<(parameters: [Tensor], program: any Executable)?>(nil)

  init(blueprint: Blueprint, steps: [Step], slots: [Slot], slabBytes: Int, team: Team, store: PreparedStore) {
    inputs = blueprint.inputs.map { blueprint.storage[$0].type }
    outputs = blueprint.wanted.map { blueprint.storage[$0].type }
    self.blueprint = blueprint
    self.store = store
    self.steps = steps
    self.slots = slots
    self.slabBytes = slabBytes
    self.team = team
    scratchBytes = BufferPlan.padded(steps.map(\.choice.scratch).max() ?? 0)
    workspaceBytes = slabBytes + scratchBytes * team.width
    operations = steps.reduce(0) { $0 + $1.choice.operations }
  }

  /// With its outputs.
  var totalBytes: Int { outputs.reduce(workspaceBytes) { min($0, .max / 2) + min($1.byteCount, .max / 2) } }

  func run(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer], _ context: RunContext) {
    let workspace = idle.withLock { $0.popLast() } ?? makeWorkspace()
    workspace.bind(slots, inputs: inputs, outputs: outputs)
    for (index, step) in steps.enumerated() {
      let start = context.observer == nil ? 0 : monotonicNanoseconds()
      execute(step, index, workspace, context)
      if let observer = context.observer {
        observer.finished(
          NodeEvent(
            label: step.label, op: step.op, choice: step.choice.name,
            results: zip(step.resultTypes, step.results).map { ($0, UnsafeRawPointer(workspace.table[$1])) },
            start: start, end: monotonicNanoseconds(), operations: step.choice.operations))
      }
    }
    idle.withLock { $0.append(workspace) }
  }

  /// Gives back the memory that is kept for the next run.
  func releaseIdle() {
    idle.withLock { $0 = [] }
    (held.withLock { $0?.program } as? Program)?.releaseIdle()
  }

  /// Workspaces kept for the next run.
  var idleCount: Int { idle.withLock { $0.count } }

  private func execute(_ step: Step, _ index: Int, _ workspace: Workspace, _ context: RunContext) {
    let operands = UnsafePointer(workspace.operandPointers + workspace.firstOperand[index])
    let results = UnsafePointer(workspace.resultPointers + workspace.firstResult[index])
    let run = step.choice.run
    let seed = context.seed(at: step.position)
    if step.choice.chunks == 1 {
      run(
        KernelCall(
          operands: operands, results: results, scratch: workspace.scratch, chunk: 0, seed: seed, step: context.step))
      return
    }
    let needsScratch = step.choice.scratch > 0
    team.parallel(chunks: step.choice.chunks) { chunk in
      let place = needsScratch ? workspace.takeScratch() : 0
      run(
        KernelCall(
          operands: operands, results: results, scratch: workspace.scratch + place * self.scratchBytes, chunk: chunk,
          seed: seed, step: context.step))
      if needsScratch { workspace.giveScratch(place) }
    }
  }

  func holding(_ inputs: [Int: Tensor]) -> any Executable {
    Lowering(blueprint.holding(inputs, evaluate)).program(team: team, store: store)
  }

  /// Parameters are mostly the same tensors in the next run: what is prepared from them is kept for it. Memory of
  /// tensors is never written again, so the same buffer is the same content.
  func run(_ inputs: [Tensor], _ context: RunContext) -> [Tensor] {
    guard !blueprint.parameters.isEmpty else { return runFresh(inputs, context) }
    let parameters = blueprint.parameters.map { inputs[$0] }
    let program = held.withLock { held -> any Executable in
      if let held, zip(held.parameters, parameters).allSatisfy({ $0.buffer === $1.buffer && $0.offset == $1.offset }) {
        return held.program
      }
      // The old one goes first, or both would be in memory.
      held = nil
      let program = holding(Dictionary(uniqueKeysWithValues: zip(blueprint.parameters, parameters)))
      held = (parameters, program)
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
    Workspace(steps: steps, slotCount: slots.count, slabBytes: slabBytes, scratchBytes: scratchBytes, width: team.width)
  }
}
