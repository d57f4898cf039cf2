import Kernels
import Language

/// What the element-wise ops of one operand have in common.
enum UnaryOp {
  static let inputs = [Port("x", "tensor<f32>", .one, "Any shape.")]
  static let outputs = [Port("y", "tensor<f32>", .one, "The shape of x.")]

  static func make(
    _ name: String, doc: String, _ function: Unary, params: [Param] = [],
    settings: @escaping @Sendable (Attributes) -> (Float, Float) = { _ in (0, 0) }, keepsRange: Bool = false,
    pointwise: @escaping @Sendable (Site) -> [Pointwise] = { _ in [] }, gradient: Numeric.Gradient?
  ) -> Op {
    Op(
      name, doc: doc, inputs: inputs, outputs: outputs, params: params,
      infer: { facts throws(Fault) in [result(facts, keepsRange: keepsRange)] },
      action: .numeric(
        Numeric(
          gradient: gradient,
          batch: .pointwise,
          pointwise: pointwise,
          select: { site throws(Fault) in
            let (a, b) = settings(site.attributes)
            return choices("\(function)", site, keepsZero: function.keepsZero(a: a, b: b)) { x, y, count in
              function.forward(count: count, x: x, y: y, a: a, b: b)
            }
          })))
  }

  /// The operand's type; the value range only where the function keeps it.
  static func result(_ facts: Facts, keepsRange: Bool) -> ValueType {
    let type = facts.tensor("x")
    let meaning = type.meaning
    return .f32(
      type.shape, keepsRange ? meaning : Meaning(colour: meaning.colour, layout: meaning.layout))
  }

  /// A flat loop over equal shapes that may write over its operand; in any layout, as `Site.flatLayouts` says.
  static func choices(
    _ name: String, _ site: Site, keepsZero: Bool,
    _ body: @escaping @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> [Choice] {
    site.flatLayouts(keepsZero: keepsZero).map { layout in
      let count = site.elements(layout)
      let chunking = Chunking.flat(count)
      return Choice(
        name, operandLayouts: site.operands.flatMap { $0 }.map { _ in layout }, resultLayouts: [layout],
        operations: Double(count), inPlace: [(0, 0)], flat: chunking
      ) { call in
        let range = chunking.range(call.chunk)
        body(call.input(0) + range.lowerBound, call.output() + range.lowerBound, range.count)
      }
    }
  }
}
