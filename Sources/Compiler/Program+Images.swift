import Language
import Workers

/// Running steps for one image of a batch after the other.
extension Program {
  func run(_ span: Range<Int>, images: Int, _ workspace: Workspace, _ context: RunContext) {
    if context.observer != nil { return show(span, images: images, workspace, context) }
    team.parallel(chunks: images) { image in
      let place = workspace.takeScratch()
      withTables(span, image, place, workspace) { operands, results in
        for index in span {
          let operation = steps[index].operation
          let (run, seed) = (operation.choice.run, context.seed(at: operation.position))
          for chunk in chunks(operation, image, of: images) {
            run(
              KernelCall(
                operands: operands(index), results: results(index),
                scratch: workspace.scratch + place * scratchBytes, chunk: chunk, seed: seed, step: context.step))
          }
        }
      }
      workspace.giveScratch(place)
    }
  }

  /// Who looks at steps sees them one by one, each done by all threads, with an event per image.
  private func show(_ span: Range<Int>, images: Int, _ workspace: Workspace, _ context: RunContext) {
    for image in 0..<images {
      withTables(span, image, 0, workspace) { operands, results in
        for index in span {
          let operation = steps[index].operation
          let (chunks, run) = (chunks(operation, image, of: images), operation.choice.run)
          let seed = context.seed(at: operation.position)
          let (from, to) = (operands(index), results(index))
          let start = monotonicNanoseconds()
          team.parallel(chunks: chunks.count) { chunk in
            let place = workspace.takeScratch()
            run(
              KernelCall(
                operands: from, results: to, scratch: workspace.scratch + place * scratchBytes,
                chunk: chunks.lowerBound + chunk, seed: seed, step: context.step))
            workspace.giveScratch(place)
          }
          let seen = resultTypes(operation).enumerated().map { position, type in
            let one = Concrete(dtype: type.dtype, shape: [type.shape[0] / images] + type.shape.dropFirst())
            return (one, UnsafeRawPointer(to[position]) + image * one.byteCount)
          }
          context.observer?.finished(
            NodeEvent(
              label: operation.label, op: operation.op, choice: operation.choice.name, results: seen, start: start,
              end: monotonicNanoseconds(), operations: operation.choice.operations / Double(images)))
        }
      }
    }
  }

  private func chunks(_ operation: Blueprint.Operation, _ image: Int, of images: Int) -> Range<Int> {
    let each = operation.choice.chunks / images
    return image * each..<(image + 1) * each
  }

  /// The tables of pointers of an image's run, by step: kernels find the image at the place it has in a batch, so
  /// pointers to values of one image lie before them by as much.
  private func withTables(
    _ span: Range<Int>, _ image: Int, _ place: Int, _ workspace: Workspace,
    _ body: (
      _ operands: (Int) -> UnsafePointer<UnsafeRawPointer>, _ results: (Int) -> UnsafePointer<UnsafeMutableRawPointer>
    ) -> Void
  ) {
    let memory = workspace.scratch + team.width * scratchBytes + place * imageBytes
    let (firstOperand, firstResult) = (workspace.firstOperand, workspace.firstResult)
    let (operandStart, resultStart) = (firstOperand[span.lowerBound], firstResult[span.lowerBound])
    func pointer(_ slot: Int) -> UnsafeMutableRawPointer {
      guard case .image(let offset, let stride) = slots[slot] else { return workspace.table[slot] }
      return memory + offset - image * stride
    }
    withUnsafeTemporaryAllocation(
      of: UnsafeRawPointer.self, capacity: firstOperand[span.upperBound] - operandStart + 1
    ) { operands in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutableRawPointer.self, capacity: firstResult[span.upperBound] - resultStart + 1
      ) { results in
        let (from, to) = (operands.baseAddress!, results.baseAddress!)
        for index in span {
          for (position, slot) in steps[index].operands.enumerated() {
            (from + firstOperand[index] - operandStart + position).initialize(to: UnsafeRawPointer(pointer(slot)))
          }
          for (position, slot) in steps[index].results.enumerated() {
            (to + firstResult[index] - resultStart + position).initialize(to: pointer(slot))
          }
        }
        body(
          { UnsafePointer(from + firstOperand[$0] - operandStart) },
          { UnsafePointer(to + firstResult[$0] - resultStart) })
      }
    }
  }
}
