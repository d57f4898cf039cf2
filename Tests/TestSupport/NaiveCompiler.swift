import Language
import Tensors

/// A region compiler that runs the first choice of every node, one after another, into memory of its own: what any
/// other way of running a region must agree with. No gradients. Batches are run item by item.
public struct NaiveCompiler: RegionCompiler {
  public init() {}

  public func compile(_ region: Region, _ demand: Demand) throws(Fault) -> any Executable {
    guard demand.loss == nil else { throw .failed("the naive compiler makes no gradients") }
    var choices: [Choice] = []
    for node in region.nodes {
      guard case .numeric(let numeric) = node.op.action else { throw .failed("\(node.op.name) is not numeric") }
      let site = Site(
        attributes: node.attributes, operands: node.operands.map { $0.map { region.concrete($0) } },
        results: node.results.map { region.concrete($0) })
      choices.append(try numeric.select(site)[0])
    }
    let program = NaiveProgram(region: region, choices: choices)
    return demand.batch.map { NaiveBatch(program: program, batch: $0) } ?? program
  }

  public func gainsFromBatching(_ region: Region, isShared: [Bool]) -> Bool { isShared.contains(true) }
}

struct NaiveBatch: Executable {
  let program: NaiveProgram
  let batch: Batch

  var inputs: [Concrete] {
    zip(program.inputs, batch.isShared).flatMap { Array(repeating: $0, count: $1 ? 1 : batch.count) }
  }
  var outputs: [Concrete] { (0..<batch.count).flatMap { _ in program.outputs } }
  var workspaceBytes: Int { program.workspaceBytes }
  var operations: Double { program.operations * Double(batch.count) }

  func run(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer], _ context: RunContext) {
    for item in 0..<batch.count {
      var own: [UnsafeRawPointer] = []
      var position = 0
      for isShared in batch.isShared {
        own.append(inputs[position + (isShared ? 0 : item)])
        position += isShared ? 1 : batch.count
      }
      let width = program.outputs.count
      program.run(own, into: Array(outputs[item * width..<(item + 1) * width]), context)
    }
  }
}

struct NaiveProgram: Executable {
  let region: Region
  let choices: [Choice]

  var inputs: [Concrete] { region.inputs.map { region.concrete($0) } }
  var outputs: [Concrete] { region.outputs.map { region.concrete($0) } }
  var workspaceBytes: Int { region.types.indices.reduce(0) { $0 + region.concrete($1).byteCount } }
  var operations: Double { choices.reduce(0) { $0 + $1.operations } }

  func run(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer], _ context: RunContext) {
    let buffers = region.types.indices.map { Buffer(byteCount: region.concrete($0).byteCount, zeroed: true) }
    for (value, memory) in zip(region.inputs, inputs) {
      buffers[value].bytes.copyMemory(from: memory, byteCount: region.concrete(value).byteCount)
    }
    for (value, tensor) in region.constants {
      buffers[value].bytes.copyMemory(from: tensor.bytes.baseAddress!, byteCount: tensor.byteCount)
    }
    for (node, choice) in zip(region.nodes, choices) {
      let operands = node.operands.flatMap { $0 }.map { UnsafeRawPointer(buffers[$0].bytes) }
      let results = node.results.map { buffers[$0].bytes }
      let scratch = Buffer(byteCount: choice.scratch)
      operands.withUnsafeBufferPointer { operands in
        results.withUnsafeBufferPointer { results in
          // An op without operands still gets a pointer, to nothing.
          var nothing = UnsafeRawPointer(scratch.bytes)
          withUnsafePointer(to: &nothing) { nothing in
            for chunk in 0..<choice.chunks {
              choice.run(
                KernelCall(
                  operands: operands.baseAddress ?? nothing, results: results.baseAddress!, scratch: scratch.bytes,
                  chunk: chunk, seed: context.seed(at: node.position), step: context.step))
            }
          }
        }
      }
      context.observer?.finished(
        NodeEvent(
          label: node.label, op: node.op.name, choice: choice.name,
          results: node.results.map { (region.concrete($0), UnsafeRawPointer(buffers[$0].bytes)) }, start: 0, end: 1,
          operations: choice.operations))
    }
    for (value, memory) in zip(region.outputs, outputs) {
      memory.copyMemory(from: buffers[value].bytes, byteCount: region.concrete(value).byteCount)
    }
  }
}
