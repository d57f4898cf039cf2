import Language
import Tensors

/// ONNX Transpose (1 to 25): the axes in the order `perm`, reversed by default.
enum Transpose {
  static let op = OnnxOperator.make(
    "Transpose", "The axes in another order, reversed by default.", "data", "transposed", [.ints("perm")],
    infer: { facts throws(Fault) in
      let data = facts.tensor("data")
      guard let shape = data.shape else { return [Inference.tensor(data.dtype)] }
      let order = try order(facts.attributes, rank: shape.count)
      return [Inference.tensor(data.dtype, order.map { shape[$0] })]
    }
  ) { call throws(Fault) in
    let data = try call.tensor("data")
    return [try data.transposed(try order(call.attributes, rank: data.rank))]
  }

  private static func order(_ attributes: Attributes, rank: Int) throws(Fault) -> [Int] {
    guard attributes.has("perm") else { return Array((0..<rank).reversed()) }
    let order = try Axes.resolved(attributes.ints("perm"), rank: rank)
    guard order.count == rank else { throw .listLength("perm", order.count, rank) }
    return order
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Transpose.op, $0) }
