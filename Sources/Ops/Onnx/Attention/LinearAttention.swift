import Glibc
import Language
import Tensors

/// ONNX LinearAttention (27): a state S per key head, S ← e^g · S, then S += k ⊗ v (or β k ⊗ (v - S'k) with the delta rule), read as
/// scale · q'S; computed step by step.
enum LinearAttention {
  static let op = OnnxOperator.make(
    "LinearAttention", "Attention as a recurrent state.", "query key value past_state? decay? beta?",
    "output present_state",
    [
      .attribute("chunk_size", 64), .attribute(required: "q_num_heads", .positive),
      .attribute(required: "kv_num_heads", .positive), .attribute("scale", float: 0),
      .attribute("update_rule", words: ["gated_delta", "linear", "gated", "delta"]),
    ],
    infer: { facts throws(Fault) in
      let query = facts.tensor("query")
      let state = facts.isConnected("past_state") ? facts.tensor("past_state").dtype : query.dtype
      return [
        Inference.tensor(query.dtype, Inference.unknown(rank: 3)), Inference.tensor(state, Inference.unknown(rank: 4)),
      ]
    }
  ) { call throws(Fault) in
    let (heads, groups) = (call.attributes.int("q_num_heads"), call.attributes.int("kv_num_heads"))
    let query = try call.tensor("query")
    guard query.rank == 3, heads % groups == 0 else {
      throw .rank("query", query.shape, "[batch, steps, heads · size]")
    }
    let q = try Heads.split(query, heads, "query")
    let k = try Heads.split(try call.tensor("key"), groups, "key")
    let v = try Heads.split(try call.tensor("value"), groups, "value")
    let (batch, steps, size, width) = (q.shape[0], q.shape[2], q.shape[3], v.shape[3])
    guard k.shape == [batch, groups, steps, size] else { throw .extents("key", k.shape, [batch, groups, steps, size]) }
    guard v.shape == [batch, groups, steps, width] else {
      throw .extents("value", v.shape, [batch, groups, steps, width])
    }
    let rule = call.attributes.string("update_rule")
    let gate = rule.hasPrefix("gated") ? try gates(call, "decay", [batch, steps], [groups, groups * size]) : nil
    let beta = rule.hasSuffix("delta") ? try gates(call, "beta", [batch, steps], [groups, 1]) : nil
    let past = try call.optional("past_state")
    if let past, past.shape != [batch, groups, size, width] {
      throw .extents("past_state", past.shape, [batch, groups, size, width])
    }
    let stateCount = try Extents.count([batch, groups, size, width])
    var state = past?.doubles() ?? Array(repeating: 0, count: stateCount)
    let given = call.attributes.number("scale")
    let scale = given == 0 ? 1 / Double(size).squareRoot() : given
    let (qs, ks, vs) = (q.elements(Double.self), k.elements(Double.self), v.elements(Double.self))
    var output = Array(repeating: 0.0, count: try Extents.count([batch, heads, steps, width]))
    for sample in 0..<batch {
      for group in 0..<groups {
        let at = (sample * groups + group) * size * width
        for step in 0..<steps {
          let row = (sample * groups + group) * steps + step
          if let gate {
            let perHead = gate.width == groups
            for d in 0..<size {
              let index = (sample * steps + step) * gate.width + (perHead ? group : group * size + d)
              let factor = exp(gate.values[index])
              for m in 0..<width { state[at + d * width + m] *= factor }
            }
          }
          for m in 0..<width {
            var value = vs[row * width + m]
            if let beta {
              let rate = beta.values[(sample * steps + step) * beta.width + (beta.width == 1 ? 0 : group)]
              let known = (0..<size).reduce(0) { $0 + state[at + $1 * width + m] * ks[row * size + $1] }
              value = rate * (value - known)
            }
            for d in 0..<size { state[at + d * width + m] += ks[row * size + d] * value }
          }
          for member in 0..<(heads / groups) {
            let target = (sample * heads + group * (heads / groups) + member) * steps + step
            for m in 0..<width {
              let sum = (0..<size).reduce(0) { $0 + qs[target * size + $1] * state[at + $1 * width + m] }
              output[target * width + m] = scale * sum
            }
          }
        }
      }
    }
    let y = try Heads.join(Tensor(shape: [batch, heads, steps, width], output)).converted(to: query.dtype)
    return [y, .rounding(state, [batch, groups, size, width], to: past?.dtype ?? query.dtype)]
  }

  /// [batch, steps, width] of one of two widths.
  private static func gates(
    _ call: HostCall, _ port: String, _ shape: [Int], _ widths: [Int]
  ) throws(Fault) -> (values: [Double], width: Int) {
    guard let tensor = try call.optional(port) else { throw .noTensor(port) }
    guard tensor.rank == 3, Array(tensor.shape[..<2]) == shape, widths.contains(tensor.shape[2]) else {
      throw .extents(port, tensor.shape, shape + [widths[0]])
    }
    return (tensor.doubles(), tensor.shape[2])
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(LinearAttention.op, $0) }
