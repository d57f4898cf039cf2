import Autodiff
import Compiler
import Language
import Tensors
import Workers

/// Runs one numeric op the way a graph would: inferred, compiled, executed; compares its gradient with central
/// differences; and asks its shape rule, with types matched against the ports as `check` does it.
///
/// Inputs are written by port, `["x": x, "weight": w]`; a variadic port is written once per tensor.
public struct OpHarness {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  public let registry: Registry

  /// `ops`: what the op's gradient emits beside the op itself. `math.add`, which sums cotangents, is provided when no
  /// op of that name is given.
  public init(_ ops: [Op]) {
    let needed = [ScalarProduct.op, ScalarProduct.gradient]
    let hasAdd = ops.contains { $0.name == "math.add" }
    registry = Registry(ops + needed + (hasAdd ? [] : [PlainAdd.op]))
  }

  /// The results, computed with one thread and with two, which must agree bit for bit.
  public func evaluate(
    _ op: Op, _ inputs: KeyValuePairs<String, Tensor>, _ attributes: [String: Literal] = [:]
  ) throws -> [Tensor] { try evaluate(op, named: inputs.map { ($0.key, $0.value) }, attributes) }

  /// The same for inputs put together at run time.
  public func evaluate(
    _ op: Op, named inputs: [(String, Tensor)], _ attributes: [String: Literal] = [:]
  ) throws -> [Tensor] {
    var emitter = Emitter(registry: registry)
    emitter.setOutputs(try place(op, inputs, attributes, &emitter))
    let tensors = ordered(op, inputs)
    let runs = try [1, 2].map { width in
      try Compiler(registry: registry, team: Team(width: width)).compile(emitter.region, Demand()).run(tensors)
    }
    guard runs[0] == runs[1] else { throw Failure(description: "\(op.name): two threads give other bits than one") }
    try compareBatches(op, emitter.region, tensors)
    return runs[0]
  }

  /// Runs an op that has a batch rule for three items at once, of which the first input, or every input, is their own:
  /// each item must come out with the bits it has alone.
  private func compareBatches(_ op: Op, _ region: Region, _ tensors: [Tensor]) throws {
    guard case .numeric(let numeric) = op.action, numeric.batch != nil, !tensors.isEmpty else { return }
    let compiler = Compiler(registry: registry)
    let alone = try compiler.compile(region, Demand())
    for own in [1, tensors.count] {
      let items = [tensors, tensors.enumerated().map { $0 < own ? $1.turned : $1 }, tensors]
      let batch = Batch(count: items.count, isShared: tensors.indices.map { $0 >= own })
      let inputs = tensors.indices.flatMap { index in index < own ? items.map { $0[index] } : [tensors[index]] }
      let together = try compiler.compile(region, Demand(batch: batch)).run(inputs)
      guard together == items.flatMap({ alone.run($0) }) else {
        throw Failure(description: "\(op.name): items of a batch come out with other bits than alone")
      }
    }
  }

  /// The largest relative difference between the gradient and central differences, over random directions in each
  /// input of `wrt` (all of them by default). The loss is the product of the first result with fixed random numbers.
  public func gradientError(
    _ op: Op, _ inputs: KeyValuePairs<String, Tensor>, _ attributes: [String: Literal] = [:], wrt: [String]? = nil,
    step: Float = 1e-2
  ) throws -> Double {
    let inputs = inputs.map { ($0.key, $0.value) }
    var emitter = Emitter(registry: registry)
    let result = try place(op, inputs, attributes, &emitter)[0]
    let shape = emitter.region.concrete(result).shape
    var random = TestRandom(seed: 17)
    let weights = emitter.constant(
      Tensor(shape: shape, random.floats(shape.reduce(1, *), in: 0.25...1)))
    let loss = try emitter.emit(ScalarProduct.op, [[result], [weights]])[0]
    emitter.setOutputs([loss])
    let names = op.inputs.flatMap { port in inputs.filter { $0.0 == port.name }.map(\.0) }
    let indices = names.indices.filter { wrt?.contains(names[$0]) ?? true }
    let values = indices.map { emitter.region.inputs[$0] }
    let program = try Compiler(registry: registry).compile(emitter.region, Demand(loss: loss, wrt: values))
    let comparisons = FiniteDifferences.compare(
      program, inputs: ordered(op, inputs), lossOutput: 0, wrt: indices, step: step)
    return comparisons.map { $0.relativeError() }.max() ?? .infinity
  }

  /// The types of the results as text, from those of the inputs as text; matched against the ports first, as `check`
  /// does it.
  public func infer(
    _ op: Op, _ inputs: KeyValuePairs<String, String>, _ attributes: [String: Literal] = [:]
  ) throws -> [String] { try op.infer(try facts(op, inputs, attributes)).map(\.description) }

  /// The types of the parameters a node owns.
  public func parameters(
    _ op: Op, _ inputs: KeyValuePairs<String, String>, _ attributes: [String: Literal] = [:]
  ) throws -> [String] { try op.parameters!(try facts(op, inputs, attributes)).map(\.description) }

  /// The message with which a use of `op` is refused; nil when it is accepted.
  public func refusal(
    _ op: Op, _ inputs: KeyValuePairs<String, String>, _ attributes: [String: Literal] = [:]
  ) -> String? {
    do {
      _ = try infer(op, inputs, attributes)
      return nil
    } catch let fault as Fault {
      return fault.message
    } catch let mismatch as Unifier.Mismatch {
      return mismatch.text
    } catch {
      return "\(error)"
    }
  }

  private func facts(
    _ op: Op, _ inputs: KeyValuePairs<String, String>, _ attributes: [String: Literal]
  ) throws -> Facts {
    let (filled, faults) = op.attributes(attributes)
    if let fault = faults.first { throw fault }
    var unifier = Unifier()
    let types = try op.inputs.map { port in
      try inputs.filter { $0.key == port.name }.map { try ValueType(parsing: $0.value) }.map { type in
        try unifier.match(port.type, type)
        return type
      }
    }
    return Facts(op: op, attributes: filled, inputs: types)
  }

  /// Adds inputs and one use of the op.
  private func place(
    _ op: Op, _ inputs: [(String, Tensor)], _ attributes: [String: Literal], _ emitter: inout Emitter
  ) throws -> [ValueID] {
    for (name, _) in inputs where !op.inputs.contains(where: { $0.name == name }) {
      throw Failure(description: "\(op.name) has no port \(name)")
    }
    let operands = op.inputs.map { port in
      inputs.filter { $0.0 == port.name }.map { _, tensor in
        emitter.input(.tensor(TensorType(dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) })))
      }
    }
    return try emitter.emit(op, operands, attributes)
  }

  /// The inputs in the order of the op's ports.
  private func ordered(_ op: Op, _ inputs: [(String, Tensor)]) -> [Tensor] {
    op.inputs.flatMap { port in inputs.filter { $0.0 == port.name }.map(\.1) }
  }
}

/// Σ x · w in Double, to make one number of any result.
private enum ScalarProduct {
  static let op = Op(
    "test.scalar_product", doc: "Sum of x * w.", inputs: [Port("x", "tensor<f32>"), Port("w", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>[]")], infer: { _ throws(Fault) in [.f32([])] },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in [try e.emit(gradient, [[a.operands[1]], [a.cotangent]])[0], nil] },
        select: { site throws(Fault) in
          let count = site.operand(0).count
          return [
            Choice("product") { call in
              var sum = 0.0
              for index in 0..<count { sum += Double(call.input(0)[index]) * Double(call.input(1)[index]) }
              call.output()[0] = Float(sum)
            }
          ]
        })))

  static let gradient = Op(
    "test.scaled", doc: "w times a single number.", inputs: [Port("w", "tensor<f32>"), Port("g", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("w")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.operand(0).count
        return [
          Choice("scale") { call in
            for index in 0..<count { call.output()[index] = call.input(0)[index] * call.input(1)[0] }
          }
        ]
      })))
}

/// Element-wise sum of equal shapes, which the adjoint of a value used twice needs.
private enum PlainAdd {
  static let op = Op(
    "math.add", doc: "a + b", inputs: [Port("a", "tensor<f32>"), Port("b", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")], infer: { facts throws(Fault) in [facts.type("a")] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let count = site.operand(0).count
        return [
          Choice("add") { call in
            for index in 0..<count { call.output()[index] = call.input(0)[index] + call.input(1)[index] }
          }
        ]
      })))
}

extension Tensor {
  /// The same elements, each moved on by a few places.
  fileprivate var turned: Tensor {
    let size = dtype.size
    let buffer = Buffer(byteCount: byteCount)
    for index in 0..<count {
      (buffer.bytes + index * size).copyMemory(
        from: bytes.baseAddress! + (index + 3) % count * size, byteCount: size)
    }
    return Tensor(dtype: dtype, shape: shape, buffer: buffer)
  }
}
