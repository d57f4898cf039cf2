import Language
import Tensors

/// The largest element of each plane.
public enum GlobalMaxPool {
  public static let op: Op = Op(
    "nn.global_max_pool", doc: "Largest element of each channel of [N, C, …] over its whole plane.",
    inputs: [Port("x", "tensor<f32>", .one, "[N, C, …]")], outputs: [Port("y", "tensor<f32>")],
    params: GlobalPool.params, infer: GlobalPool.infer,
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          try e.emit(GlobalMaxPoolGradient.op, [[a.operands[0]], [a.cotangent]])
        },
        batch: .first,
        select: { site throws(Fault) in
          let (planes, area) = GlobalPool.sizes(site.operand(0).shape)
          let chunks = Chunking(count: planes, unitCost: area)
          return [
            Choice("max", operations: Double(site.operand(0).count), chunks: chunks.chunks) { call in
              for plane in chunks.range(call.chunk) {
                let x = call.input(0) + plane * area
                call.output()[plane] = x[largest(x, area)]
              }
            }
          ]
        })))

  /// Index of the first largest element; of the first NaN, if there is one.
  static func largest(_ x: UnsafePointer<Float>, _ count: Int) -> Int {
    var best = 0
    for index in 0..<count {
      if x[index].isNaN { return index }
      if x[index] > x[best] { best = index }
    }
    return best
  }
}

/// Gives the gradient of a maximum to the first largest element.
enum GlobalMaxPoolGradient {
  static let op: Op = Op(
    "nn.global_max_pool_gradient", doc: "Gradient of nn.global_max_pool: to the first largest element.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")],
    isInternal: true, infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (planes, area) = GlobalPool.sizes(site.result.shape)
        let chunks = Chunking(count: planes, unitCost: 2 * area)
        return [
          Choice("first-largest", operations: Double(site.result.count), chunks: chunks.chunks) { call in
            for plane in chunks.range(call.chunk) {
              let target = call.output() + plane * area
              let index = GlobalMaxPool.largest(call.input(0) + plane * area, area)
              target.update(repeating: 0, count: area)
              target[index] = call.input(1)[plane]
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(GlobalMaxPool.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(GlobalMaxPoolGradient.op, $0) }
