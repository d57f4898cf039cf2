import Kernels
import Language
import Tensors

/// Element-wise functions of networks: one builder, so that an op's file says only what is its own.
enum Activation {
  /// - Parameters:
  ///   - range: the value range of the results, where the function has one.
  ///   - settings: the function and its two parameters, from the node's.
  static func op(
    _ name: String, doc: String, params: [Param] = [], range: String? = nil,
    _ settings: @escaping @Sendable (Attributes) -> Settings
  ) -> Op {
    Op(
      name, doc: doc, inputs: [Port("x", "tensor<f32>", .one, "any shape")], outputs: [Port("y", "tensor<f32>")],
      params: params,
      infer: { facts throws(Fault) in
        let x = facts.tensor("x")
        return [.f32(x.shape, Meaning(colour: x.meaning.colour, layout: x.meaning.layout, range: range))]
      },
      action: .numeric(
        Numeric(
          gradient: { (e, a) throws(Fault) in
            let settings = settings(a.attributes)
            let value = settings.function.gradientNeeds == .output ? a.result() : a.operands[0]
            return try e.emit(
              ActivationGradient.op, [[value], [a.cotangent]],
              [
                "function": .string("\(settings.function)"), "a": .float(settings.a), "b": .float(settings.b),
              ])
          },
          batch: .pointwise,
          pointwise: { site in settings(site.attributes).function == .relu ? [Pointwise(.rectify)] : [] },
          select: { site throws(Fault) in
            let settings = settings(site.attributes)
            let (function, a, b) = (settings.function, Float(settings.a), Float(settings.b))
            return site.flatLayouts(keepsZero: function.keepsZero(a: a, b: b)).map { layout in
              let count = site.elements(layout)
              let chunks = Chunking.flat(count)
              return Choice(
                "\(function)", operandLayouts: [layout], resultLayouts: [layout], operations: Double(count),
                inPlace: [(0, 0)], flat: chunks
              ) { call in
                let range = chunks.range(call.chunk)
                function.forward(
                  count: range.count, x: call.input(0) + range.lowerBound, y: call.output() + range.lowerBound, a: a,
                  b: b)
              }
            }
          })))
  }

  struct Settings: Sendable {
    let function: Unary
    let a: Double
    let b: Double

    init(_ function: Unary, a: Double = 0, b: Double = 0) {
      self.function = function
      self.a = a
      self.b = b
    }
  }
}
