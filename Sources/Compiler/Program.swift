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
  private let idle = Mutex<[Workspace]>([])

  init(inputs: [Concrete], outputs: [Concrete], steps: [Step], slots: [Slot], slabBytes: Int, team: Team) {
    self.inputs = inputs
    self.outputs = outputs
    self.steps = steps
    self.slots = slots
    self.slabBytes = slabBytes
    self.team = team
    scratchBytes = BufferPlan.padded(steps.map(\.choice.scratch).max() ?? 0)
    workspaceBytes = slabBytes + scratchBytes * team.width
    operations = steps.reduce(0) { $0 + $1.choice.operations }
  }

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

  private func makeWorkspace() -> Workspace {
    Workspace(steps: steps, slotCount: slots.count, slabBytes: slabBytes, scratchBytes: scratchBytes, width: team.width)
  }
}
