import Kernels
import Language
import Tensors

/// dy times the slope of an element-wise function, from its input or its output, whichever the function prefers.
enum ActivationGradient {
  private static let functions = Dictionary(uniqueKeysWithValues: Unary.allCases.map { ("\($0)", $0) })

  static let op: Op = Op(
    "nn.activation_gradient", doc: "dy times the derivative of an element-wise function, given its input or output.",
    inputs: [Port("value", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    params: [
      Param("function", .choice(functions.keys.sorted()), "the function"),
      Param("a", .number(.all), "its first parameter"), Param("b", .number(.all), "its second parameter"),
    ],
    isInternal: true, infer: { facts throws(Fault) in [.f32(facts.tensor("value").shape)] },
    action: .numeric(
      Numeric(
        pointwise: { site in
          site.attributes.string("function") == "\(Unary.relu)" ? [Pointwise(.mask, operand: 1, other: 0)] : []
        },
        select: { site throws(Fault) in
          let function = functions[site.attributes.string("function")]!
          let (a, b) = (Float(site.attributes.number("a")), Float(site.attributes.number("b")))
          // Slopes at zero are finite except those of roots, powers and the like, which need full blocks.
          let isSmooth = function != .sqrt && function != .log && function != .reciprocal
          return site.flatLayouts(keepsZero: isSmooth).map { layout in
            let count = site.elements(layout)
            let chunks = Chunking.flat(count)
            return Choice(
              "\(function)", operandLayouts: [layout, layout], resultLayouts: [layout], operations: 2 * Double(count),
              inPlace: [(1, 0), (0, 0)], flat: chunks
            ) { call in
              let range = chunks.range(call.chunk)
              let value = call.input(0) + range.lowerBound
              function.gradient(
                count: range.count, x: value, y: value, dy: call.input(1) + range.lowerBound,
                dx: call.output() + range.lowerBound, a: a, b: b)
            }
          }
        })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ActivationGradient.op, $0) }
