import Language
import Workers

/// Running element-wise steps for one chunk after the other.
extension Program {
  /// Who looks at steps sees them one by one; the bits are the same.
  func run(flat span: Range<Int>, _ workspace: Workspace, _ context: RunContext) {
    if context.observer != nil {
      for index in span { execute(index, workspace, context) }
      return
    }
    team.parallel(chunks: steps[span.lowerBound].choice.chunks) { chunk in
      for index in span {
        let operation = steps[index].operation
        operation.choice.run(
          KernelCall(
            operands: UnsafePointer(workspace.operandPointers + workspace.firstOperand[index]),
            results: UnsafePointer(workspace.resultPointers + workspace.firstResult[index]),
            scratch: workspace.scratch, chunk: chunk, seed: context.seed(at: operation.position),
            step: context.step))
      }
    }
  }
}
