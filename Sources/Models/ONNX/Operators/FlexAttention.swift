import Language
import Tensors

/// FlexAttention (ai.onnx.preview, version 1): softmax(scale · Q Kᵀ) V with graphs of the user's own over scores and
/// probabilities. It becomes operators of the default domain, as in the function body of its definition; query heads that
/// share a key head are laid below one another instead of repeating the key.
enum OnnxFlexAttentionRule {
  static let rule = OnnxRule("ai.onnx.preview.FlexAttention") { node throws(Fault) in
    guard let q = node.input(0), let k = node.input(1), let v = node.input(2), let own = q.type.dtype, own.isFloat,
      q.rank == 4, k.rank == 4, v.rank == 4, let size = k.type.shape?[3].value, size > 0,
      let heads = q.type.shape?[1].value, let shared = k.type.shape?[1].value
    else { throw .onnx(node.scope.file, node.proto, "needs floats of rank 4 with known heads and head size") }
    guard shared > 0, heads % shared == 0 else {
      throw .onnx(node.scope.file, node.proto, "has \(heads) query heads for \(shared) key heads")
    }
    let code = try node.int("softmax_precision") ?? (own == .f64 ? 11 : 1)
    guard let precision = DType(onnx: code), precision.isFloat else {
      throw .onnx(node.scope.file, node.proto, "has no floats of type \(code) for its softmax")
    }
    let (score, probability) = (try node.graph("score_mod"), try node.graph("prob_mod"))
    let scale = try node.float("scale").map { Float($0) } ?? 1 / Float(size).squareRoot()
    let root = node.constant(Tensor(shape: [], [scale.squareRoot()]).converted(to: own))
    let steps = OnnxSteps(node)
    /// [B, from, n, D] as [B, to, n · from / to, D].
    func regrouped(_ x: OnnxValue, heads count: Int) throws(Fault) -> OnnxValue {
      if heads == shared { return x }
      return try steps("Reshape", [x, node.constant(Tensor(shape: [4], [0, Int64(count), -1, 0]))])
    }
    func modified(_ x: OnnxValue, by graph: GraphProto?) throws(Fault) -> OnnxValue {
      guard let graph else { return x }
      let results = try node.open(graph, [x], in: node.assembly)
      guard results.count == 1 else {
        throw .onnx(node.scope.file, node.proto, "has a graph of \(results.count) outputs where one is needed")
      }
      return results[0]
    }
    let queries = try regrouped(steps("Mul", [q, root]), heads: shared)
    let keys = try steps("Transpose", [steps("Mul", [k, root])], lists: ["perm": [0, 1, 3, 2]])
    let scores = try regrouped(steps("MatMul", [queries, keys]), heads: heads)
    let given = try modified(steps("Cast", [scores], ["to": code]), by: score)
    let chances = try modified(steps("Softmax", [given], ["axis": 3]), by: probability)
    let values = try steps("Cast", [v], ["to": code])
    let y = try regrouped(steps("MatMul", [regrouped(chances, heads: shared), values]), heads: heads)
    let numbers: [DType: Int] = [.f32: 1, .f16: 10, .f64: 11, .bf16: 16]
    return [try steps("Cast", [y], ["to": numbers[own]!])]
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxFlexAttentionRule.rule, $0) }
