import Language
import Tensors

/// Reverse-mode differentiation of a region: the gradient is more nodes of the same region, built before anything is
/// planned. The list of nodes is the tape (Griewank & Walther, Evaluating Derivatives, ch. 3).
public enum Adjoints {
  /// Adds the nodes that compute d `loss` / d `wrt` and returns one value per `wrt`, of its type.
  ///
  /// - Throws: when the loss is not a scalar, or an op between `wrt` and the loss has no gradient; the fault names it.
  public static func extend(
    _ emitter: inout Emitter, loss: ValueID, wrt: [ValueID]
  ) throws(Fault) -> [ValueID] {
    let region = emitter.region
    let type = region.concrete(loss)
    guard type.dtype == .f32, type.count == 1 else { throw .lossNotScalar(region.types[loss]) }

    var active = Array(repeating: false, count: region.types.count)
    for value in wrt { active[value] = true }
    for node in region.nodes where node.operands.contains(where: { $0.contains { active[$0] } }) {
      for result in node.results { active[result] = true }
    }

    var cotangents: [ValueID: ValueID] = [:]
    cotangents[loss] = emitter.constant(ones(type.shape))
    for node in region.nodes.reversed() {
      let incoming = node.results.map { cotangents[$0] }
      let operands = node.operands.flatMap { $0 }
      let needs = operands.map { active[$0] }
      guard needs.contains(true), incoming.contains(where: { $0 != nil }) else { continue }
      guard case .numeric(let numeric) = node.op.action, let gradient = numeric.gradient else {
        throw .notDifferentiable(node)
      }
      emitter.label = node.label + "'"
      let outgoing: [ValueID?]
      do {
        outgoing = try gradient(&emitter, Adjoint(node: node, cotangents: incoming, needs: needs))
      } catch {
        throw error.noting("in the gradient of \(node.label) (\(node.op.name))")
      }
      precondition(
        outgoing.count == operands.count, "\(node.op.name): \(outgoing.count) gradients for \(operands.count)")
      for (operand, gradient) in zip(operands, outgoing) where active[operand] {
        guard let gradient else { continue }
        precondition(
          emitter.region.types[gradient].concrete?.shape == emitter.region.types[operand].concrete?.shape,
          "\(node.op.name): gradient \(emitter.region.types[gradient]) of an operand \(emitter.region.types[operand])")
        cotangents[operand] =
          if let sum = cotangents[operand] { try emitter.emit("math.add", sum, gradient) } else { gradient }
      }
    }
    emitter.label = ""
    return wrt.map { value in
      cotangents[value] ?? emitter.constant(.zeros(.f32, shape: region.concrete(value).shape))
    }
  }

  private static func ones(_ shape: [Int]) -> Tensor { Tensor(shape: shape, [Float](repeating: 1, count: 1)) }
}

extension Fault {
  static func lossNotScalar(_ type: ValueType) -> Fault {
    Fault("gradient", "the loss must be a single f32 number, but is \(type)")
  }

  static func notDifferentiable(_ node: Region.Node) -> Fault {
    Fault(
      "gradient",
      "\(node.op.name) \"\(node.label)\" has no gradient, but the loss depends on what is optimised through it")
  }
}
