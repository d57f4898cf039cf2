import Glibc
import Language
import Tensors

/// ONNX Attention (23 to 25): softmax(scale · Q·K' (soft-capped) + bias) · V per head, with grouped key heads, a cache of past keys
/// and values, masks, causality and a sliding window. A row without any key to attend to is 0. The operator is defined by a function
/// body over the inputs' type, so 16-bit floats are rounded after every step of it.
enum Attention {
  static let op = OnnxOperator.make(
    "Attention", "Scaled dot-product attention.", "Q K V attn_mask? past_key? past_value? nonpad_kv_seqlen?",
    "Y present_key? present_value? qk_matmul_output?",
    [
      .flag("is_causal"), .attribute("kv_num_heads", nil), .attribute("q_num_heads", nil),
      .attribute("qk_matmul_output_mode", 0, 0...3), .attribute("scale", float: nil), .attribute("softcap", float: 0),
      .attribute("softmax_precision", nil), .attribute("left_window_size", -1, -1 ... .max),
      .attribute("right_window_size", -1, -1 ... .max),
    ],
    infer: { facts throws(Fault) in
      let (q, v) = (facts.tensor("Q"), facts.tensor("V"))
      let four = Inference.unknown(rank: 4)
      return [
        Inference.tensor(q.dtype, q.shape.map { Inference.unknown(rank: $0.count) }),
        Inference.tensor(facts.tensor("K").dtype, four), Inference.tensor(v.dtype, four),
        Inference.tensor(q.dtype, four),
      ]
    }
  ) { call throws(Fault) in
    let (q, k, v) = (try call.tensor("Q"), try call.tensor("K"), try call.tensor("V"))
    guard q.rank == k.rank, k.rank == v.rank else { throw .disagree("Q", q.shape, "K", k.shape, "the ranks differ") }
    let queries = try Heads.split(q, call.int("q_num_heads"), "Q")
    var keys = try Heads.split(k, call.int("kv_num_heads"), "K")
    var values = try Heads.split(v, call.int("kv_num_heads"), "V")
    var past = 0
    if let pastKeys = try call.optional("past_key"), let pastValues = try call.optional("past_value") {
      keys = try Concat.join([pastKeys.converted(to: .f64), keys], axis: 2)
      values = try Concat.join([pastValues.converted(to: .f64), values], axis: 2)
      past = pastKeys.shape[2]
    }
    let result = try AttentionScores(call, queries, keys, values, past: past).run()
    let y = q.rank == 3 ? try Heads.join(result.y) : result.y
    return [
      y.converted(to: q.dtype), keys.converted(to: k.dtype), values.converted(to: v.dtype),
      result.scores.converted(to: q.dtype),
    ]
  }
}

/// One use of attention: Q [B, H, S, D], K [B, G, L, D], V [B, G, L, E] as f64.
private struct AttentionScores {
  let q: Tensor
  let k: Tensor
  let v: Tensor
  /// The square root of the scale, by which both Q and K are multiplied.
  let scale: Double
  let softcap: Double
  let mode: Int
  let bias: [Double]?
  let biasStrides: [Int]
  let isCausal: Bool
  let window: (left: Int, right: Int)
  let offsets: [Int]
  /// How many keys of each sample are real.
  let lengths: [Int]
  /// What each step, and each step of the softmax, is rounded to.
  let step: DType
  let softmaxStep: DType

  init(_ call: HostCall, _ q: Tensor, _ k: Tensor, _ v: Tensor, past: Int) throws(Fault) {
    step = try call.tensor("Q").dtype
    softmaxStep = try call.dtype("softmax_precision") ?? step
    (self.q, self.k, self.v) = (q, k, v)
    guard k.shape[0] == q.shape[0], k.shape[3] == q.shape[3], k.shape[1] > 0, q.shape[1] % k.shape[1] == 0 else {
      throw .disagree("Q", q.shape, "K", k.shape, "batch, heads or sizes do not match")
    }
    guard Array(v.shape[..<3]) == Array(k.shape[..<3]) else {
      throw .disagree("K", k.shape, "V", v.shape, "batch, heads or lengths differ")
    }
    scale = step.rounded((call.number("scale") ?? 1 / Double(q.shape[3]).squareRoot()).squareRoot())
    softcap = call.attributes.number("softcap")
    mode = call.attributes.int("qk_matmul_output_mode")
    isCausal = call.flag("is_causal")
    window = (call.attributes.int("left_window_size"), call.attributes.int("right_window_size"))
    let (batch, steps, length) = (q.shape[0], q.shape[2], k.shape[2])
    if let given = try call.integers(at: "nonpad_kv_seqlen") {
      guard given.count == batch, given.allSatisfy({ (0...(1 << 40)).contains($0) }) else {
        throw .listLength("nonpad_kv_seqlen", given.count, batch)
      }
      lengths = given
      offsets = given.map { past > 0 ? past : $0 - steps }
    } else {
      lengths = Array(repeating: length, count: batch)
      offsets = Array(repeating: past, count: batch)
    }
    (bias, biasStrides) = try AttentionScores.bias(call, [batch, q.shape[1], steps, length])
  }

  /// The mask as numbers to add, with the strides that stretch it over [B, H, S, L]. A mask shorter than the keys excludes the rest.
  private static func bias(_ call: HostCall, _ shape: [Int]) throws(Fault) -> ([Double]?, [Int]) {
    guard var mask = try call.optional("attn_mask") else { return (nil, []) }
    guard mask.rank > 0, mask.rank <= 4 else { throw .rank("attn_mask", mask.shape, "one to four axes") }
    if mask.dtype == .bool {
      mask = mask.mapped(UInt8.self, to: .f64) { (holds: UInt8) in holds != 0 ? 0.0 : -.infinity }
    }
    mask = mask.converted(to: .f64)
    if mask.shape[mask.rank - 1] < shape[3], mask.shape[mask.rank - 1] != 1 || shape[3] == 1 {
      let given = mask.shape
      let indices = given.indices.map { axis in
        (0..<(axis == given.count - 1 ? shape[3] : given[axis])).map { $0 < given[axis] ? $0 : -1 }
      }
      mask = try AxisGather(mask, indices, fill: Tensor(shape: [], [-Double.infinity])).dense()
    }
    guard try Broadcasting.shape(mask.shape, shape) == shape else {
      throw .extents("attn_mask", mask.shape, shape)
    }
    return (mask.elements(Double.self), Broadcasting.strides(mask.shape, over: shape))
  }

  private func isAllowed(_ sample: Int, _ step: Int, _ key: Int) -> Bool {
    let place = step + offsets[sample]
    if isCausal, key > place { return false }
    if window.left >= 0, place - key > window.left { return false }
    if window.right >= 0, key - place > window.right { return false }
    return key < lengths[sample]
  }

  func run() throws(Fault) -> (y: Tensor, scores: Tensor) {
    let (batch, heads, steps, size) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3])
    let (length, width, share) = (k.shape[2], v.shape[3], heads / k.shape[1])
    var scores = Array(repeating: 0.0, count: try Extents.count([batch, heads, steps, length]))
    var y = Array(repeating: 0.0, count: try Extents.count([batch, heads, steps, width]))
    scaled(q).withElements(Double.self) { q in
      scaled(k).withElements(Double.self) { k in
        v.withElements(Double.self) { v in
          for sample in 0..<batch {
            for head in 0..<heads {
              let group = (sample * (heads / share) + head / share) * length
              for step in 0..<steps {
                let row = (sample * heads + head) * steps + step
                var logits = Array(repeating: 0.0, count: length)
                var hasKey = false
                for key in 0..<length {
                  var dot = 0.0
                  for place in 0..<size { dot += q[row * size + place] * k[(group + key) * size + place] }
                  dot = self.step.rounded(dot)
                  let capped = softcap > 0 ? self.step.rounded(softcap * tanh(dot / softcap)) : dot
                  let added = term(sample, head, step, key)
                  if added > -.infinity || added.isNaN { hasKey = true }
                  logits[key] = self.step.rounded(capped + added)
                  scores[row * length + key] = mode == 0 ? dot : mode == 1 ? capped : logits[key]
                }
                var chances = Array(repeating: 0.0, count: length)
                if hasKey { chances = Softmax.softmax(logits, softmaxStep).map { self.step.rounded($0) } }
                for key in 0..<length {
                  if mode == 3 { scores[row * length + key] = chances[key] }
                  for place in 0..<width { y[row * width + place] += chances[key] * v[(group + key) * width + place] }
                }
              }
            }
          }
        }
      }
    }
    return (
      Tensor(shape: [batch, heads, steps, width], y), Tensor(shape: [batch, heads, steps, length], scores)
    )
  }

  private func scaled(_ x: Tensor) -> Tensor {
    x.mapped(Double.self, to: .f64) { (x: Double) in step.rounded(x * scale) }
  }

  /// What is added to a score.
  private func term(_ sample: Int, _ head: Int, _ step: Int, _ key: Int) -> Double {
    guard isAllowed(sample, step, key) else { return -.infinity }
    guard let bias else { return 0 }
    return bias[sample * biasStrides[0] + head * biasStrides[1] + step * biasStrides[2] + key * biasStrides[3]]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Attention.op, $0) }
