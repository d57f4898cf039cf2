import Language
import Tensors

/// ONNX CumSum (11 to 14) and CumProd (26): running sums or products along an axis, with or without the element itself, from
/// either end.
enum Cumulation {
  static let ops = [
    make("CumSum", "Running sums along an axis.", Plus.self, start: 0),
    make("CumProd", "Running products along an axis.", Times.self, start: 1),
  ]

  private static func make<F: BinaryNumber>(
    _ name: String, _ doc: String, _ function: F.Type, start: Double
  ) -> Op {
    OnnxOperator.make(
      name, doc, "x axis", "y", [.flag("exclusive"), .flag("reverse")], infer: Inference.like("x")
    ) { call throws(Fault) in
      let x = try call.tensor("x")
      guard let axis = try call.integer(at: "axis") else { throw .noTensor("axis") }
      guard x.rank > 0 else { throw .rank("x", [], "at least one axis") }
      let place = try Axes.resolved(axis, rank: x.rank)
      let (wide, isExclusive, isReversed) = (x.widened(), call.flag("exclusive"), call.flag("reverse"))
      let result =
        switch x.dtype.arithmetic {
        case .real: run(wide, place, isExclusive, isReversed, F.self, start, Double.self)
        case .signed: run(wide, place, isExclusive, isReversed, F.self, Int64(start), Int64.self)
        case .unsigned: run(wide, place, isExclusive, isReversed, F.self, UInt64(start), UInt64.self)
        }
      return [result.narrowed(to: x.dtype)]
    }
  }

  private static func run<F: BinaryNumber, T: Number>(
    _ x: Tensor, _ axis: Int, _ isExclusive: Bool, _ isReversed: Bool, _ function: F.Type, _ start: T, _ type: T.Type
  ) -> Tensor {
    let (outer, extent, inner) = Extents.around(axis, x.shape)
    return x.withElements(T.self) { values in
      Tensor(T.self, shape: x.shape) { memory in
        for row in 0..<outer {
          for column in 0..<inner {
            var sum = start
            for step in 0..<extent {
              let at = (row * extent + (isReversed ? extent - 1 - step : step)) * inner + column
              let next = F.apply(sum, values[at])
              memory[at] = isExclusive ? sum : next
              sum = next
            }
          }
        }
      }
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(Cumulation.ops, $0) }
