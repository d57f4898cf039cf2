import Tensors

/// Makes variants of ops that say extents in terms of their operands' extents.
///
/// `tensor.reshape` takes integers. A graph that was written for any batch and picture size needs "as long as that
/// tensor, times two": a variant takes expressions over `x_0`, `x_1`… (the extents of its first operand) and `like0_0`,
/// `like1_2`… (those of further operands, of which nothing but the extents is read). `*` is whatever is left over. Once
/// extents are numbers, the variant is the op itself.
public enum SizedOp {
  /// - Parameters:
  ///   - inner: an op of one operand `x` whose param `param` is a list of integers.
  ///   - shape: the extents of the result from those of x and of the param, nil being whatever is left over.
  public static func make(
    _ name: String, _ inner: Op, param: String,
    shape: @escaping @Sendable (_ x: [Dim]?, _ wanted: [Dim?]) throws(Fault) -> [Dim]?
  ) -> Op {
    guard case .numeric(let numeric) = inner.action else { preconditionFailure("\(inner.name) is not numeric") }
    let params = inner.params.filter { $0.name != param }
    return Op(
      name, doc: "\(inner.name) whose \"\(param)\" is said in terms of the operands' extents.",
      inputs: [inner.inputs[0], Port("like", "tensor", .variadic, "only their extents are read")],
      outputs: inner.outputs,
      params: params + [Param(param, .strings, "expressions over x_0, x_1…, like0_0…; * is whatever is left over")],
      isInternal: true,
      infer: { facts throws(Fault) in
        let x = facts.tensor("x")
        let wanted = try extents(
          facts.attributes.strings(param), [x.shape] + facts.types("like").map { $0.tensor?.shape })
        return [.tensor(TensorType(dtype: x.dtype, shape: try shape(x.shape, wanted)))]
      },
      action: .numeric(
        Numeric(
          gradient: numeric.gradient.map { gradient(of: inner, $0, param) },
          select: { site throws(Fault) in
            let shapes = site.operands.flatMap { $0.map { $0.shape.map { Dim($0) } } }
            return try numeric.select(
              Site(
                attributes: try attributes(site.attributes, inner, param, shapes), operands: [site.operands[0]],
                results: site.results))
          })))
  }

  /// The gradient of the op itself; nothing flows to what only lends its extents.
  private static func gradient(of inner: Op, _ gradient: @escaping Numeric.Gradient, _ param: String)
    -> Numeric.Gradient
  {
    { (emitter: inout Emitter, adjoint: Adjoint) throws(Fault) -> [ValueID?] in
      let node = adjoint.node
      let shapes = adjoint.operands.map { value in emitter.region.concrete(value).shape.map { Dim($0) } }
      let plain = Region.Node(
        op: inner, attributes: try attributes(node.attributes, inner, param, shapes), operands: [node.operands[0]],
        results: node.results, label: node.label)
      let own = try gradient(
        &emitter, Adjoint(node: plain, cotangents: adjoint.cotangents, needs: [adjoint.needs[0]]))
      return own + Array(repeating: nil, count: adjoint.needs.count - 1)
    }
  }

  /// The extents that expressions stand for, nil where the text is `*`.
  private static func extents(_ texts: [String], _ shapes: [[Dim]?]) throws(Fault) -> [Dim?] {
    var bindings: [String: Dim] = [:]
    for (index, shape) in shapes.enumerated() {
      for (axis, dim) in (shape ?? []).enumerated() {
        bindings[index == 0 ? "x_\(axis)" : "like\(index - 1)_\(axis)"] = dim
      }
    }
    var result: [Dim?] = []
    for text in texts {
      if text == "*" {
        result.append(nil)
        continue
      }
      let dim = try Dim(parsing: text)
      // What names an operand of unknown rank is not known either.
      let isKnown = dim.symbols.allSatisfy { bindings[$0] != nil }
      result.append(isKnown ? dim.substituting(bindings) : .unknown)
    }
    return result
  }

  /// The params of the op itself, once every extent is a number.
  private static func attributes(
    _ given: Attributes, _ inner: Op, _ param: String, _ shapes: [[Dim]]
  ) throws(Fault) -> Attributes {
    var values = given.values
    values[param] = .array(
      try extents(given.strings(param), shapes).map { .int($0 == nil ? -1 : $0!.value ?? -1) })
    let (attributes, faults) = inner.attributes(values)
    if let fault = faults.first { throw fault }
    return attributes
  }
}
