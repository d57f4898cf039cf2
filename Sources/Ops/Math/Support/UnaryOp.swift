import Kernels
import Language

/// What the element-wise ops of one operand have in common.
enum UnaryOp {
  static let inputs = [Port("x", "tensor<f32>", .one, "Any shape.")]
  static let outputs = [Port("y", "tensor<f32>", .one, "The shape of x.")]

  static func make(
    _ name: String, doc: String, _ function: Unary, params: [Param] = [],
    settings: @escaping @Sendable (Attributes) -> (Float, Float) = { _ in (0, 0) }, keepsRange: Bool = false,
    gradient: Numeric.Gradient?
  ) -> Op {
    Op(
      name, doc: doc, inputs: inputs, outputs: outputs, params: params,
      infer: { facts throws(Fault) in [result(facts, keepsRange: keepsRange)] },
      action: .numeric(
        Numeric(
          gradient: gradient,
          batch: .pointwise,
          select: { site throws(Fault) in
            let (a, b) = settings(site.attributes)
            return [
              choice("\(function)", site) { x, y, count in function.forward(count: count, x: x, y: y, a: a, b: b) }
            ]
          })))
  }

  /// The operand's type; the value range only where the function keeps it.
  static func result(_ facts: Facts, keepsRange: Bool) -> ValueType {
    let type = facts.tensor("x")
    let meaning = type.meaning
    return .f32(
      type.shape, keepsRange ? meaning : Meaning(colour: meaning.colour, layout: meaning.layout))
  }

  /// A flat loop over equal shapes that may write over its operand.
  static func choice(
    _ name: String, _ site: Site, cost: Int = 8,
    _ body: @escaping @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Choice {
    let chunking = Chunking(count: site.result.count, unitCost: cost)
    return Choice(
      name, operations: Double(site.result.count), chunks: chunking.chunks, inPlace: [(0, 0)]
    ) { call in
      let range = chunking.range(call.chunk)
      body(call.input(0) + range.lowerBound, call.output() + range.lowerBound, range.count)
    }
  }
}
