import Language
import Tensors

/// Runs a region node by node, every value in memory of its own: the reference for compiled programs.
public enum RegionInterpreter {
  public static func run(_ region: Region, _ inputs: [Tensor]) throws -> [Tensor] {
    var values = region.constants
    for (value, tensor) in zip(region.inputs, inputs) { values[value] = tensor }
    for node in region.nodes {
      guard case .numeric(let numeric) = node.op.action else { fatalError("\(node.op.name) is not numeric") }
      let results = node.results.map { region.concrete($0) }
      let choice = try numeric.select(
        Site(
          attributes: node.attributes, operands: node.operands.map { $0.map { region.concrete($0) } }, results: results)
      )[0]
      let operands = node.operands.joined().map { values[$0]! }
      let buffers = results.map { Buffer(byteCount: $0.byteCount) }
      let scratch = Buffer(byteCount: choice.scratch)
      let sources = operands.map { UnsafeRawPointer($0.buffer.bytes + $0.offset) }
      let targets = buffers.map(\.bytes)
      sources.withUnsafeBufferPointer { sources in
        targets.withUnsafeBufferPointer { targets in
          for chunk in 0..<choice.chunks {
            choice.run(
              KernelCall(
                operands: sources.baseAddress!, results: targets.baseAddress!, scratch: scratch.bytes, chunk: chunk,
                seed: 0, step: 0))
          }
        }
      }
      for (index, result) in node.results.enumerated() {
        values[result] = Tensor(dtype: results[index].dtype, shape: results[index].shape, buffer: buffers[index])
      }
    }
    return region.outputs.map { values[$0]! }
  }

  /// A region of `nodes` random uses of `ops` on vectors of `count` elements, with some of its values as outputs.
  public static func random(
    nodes: Int, count: Int, ops: [Op] = ArithmeticOps.elementwise, using random: inout TestRandom
  ) -> Region {
    var emitter = Emitter(registry: ArithmeticOps.registry)
    var values = (0..<2).map { _ in emitter.input(.f32([Dim(count)])) }
    values.append(emitter.constant(Tensor(shape: [count], random.floats(count))))
    for _ in 0..<nodes {
      let op = ops.randomElement(using: &random)!
      // Mostly recent values, so that chains arise in which memory is reused.
      let operands = op.inputs.map { _ in
        [
          Bool.random(using: &random)
            ? values.suffix(2).randomElement(using: &random)! : values.randomElement(using: &random)!
        ]
      }
      values += try! emitter.emit(op, operands)
    }
    emitter.setOutputs((0..<Int.random(in: 1...4, using: &random)).map { _ in values.randomElement(using: &random)! })
    return emitter.region
  }
}

extension ArithmeticOps {
  /// Those whose results have the shape of their operands.
  public static let elementwise: [Op] = [add, multiply, shift, swap, scratch]
}
