import Language
import Tensors

/// ONNX RotaryEmbedding (23): pairs of a head's elements (halves, or neighbours when interleaved) turned by the angle of their
/// position, given by its cosine and sine (Su et al. 2021).
enum RotaryEmbedding {
  static let op = OnnxOperator.make(
    "RotaryEmbedding", "Heads turned by position.", "X cos_cache sin_cache position_ids?", "Y",
    [.flag("interleaved"), .attribute("num_heads", nil), .attribute("rotary_embedding_dim", 0, .natural)],
    infer: Inference.like("X")
  ) { call throws(Fault) in
    let x = try call.tensor("X")
    let heads = try Heads.split(x, call.int("num_heads"), "X")
    let (batch, count, steps, size) = (heads.shape[0], heads.shape[1], heads.shape[2], heads.shape[3])
    let turned = call.attributes.int("rotary_embedding_dim")
    let width = turned == 0 ? size : turned
    guard width <= size, width % 2 == 0 else {
      throw .attribute("rotary_embedding_dim", "\(width) of \(size) elements")
    }
    let half = width / 2
    let (cosines, sines) = (try call.tensor("cos_cache"), try call.tensor("sin_cache"))
    guard cosines.shape == sines.shape, cosines.shape.last == half else {
      throw .extents("sin_cache", sines.shape, cosines.shape)
    }
    // The row of the caches for each step of each sample.
    let rows: [Int]
    if let positions = try call.optional("position_ids") {
      guard cosines.rank == 2, positions.count == batch * steps else {
        throw .extents("position_ids", positions.shape, [batch, steps])
      }
      rows = try Indices.resolved(positions, "position_ids", cosines.shape[0])
    } else {
      guard cosines.shape == [batch, steps, half] else {
        throw .extents("cos_cache", cosines.shape, [batch, steps, half])
      }
      rows = Array(0..<(batch * steps))
    }
    var values = heads.elements(Double.self)
    let (c, s, isInterleaved) = (cosines.doubles(), sines.doubles(), call.flag("interleaved"))
    for head in 0..<(batch * count) {
      for step in 0..<steps {
        let start = (head * steps + step) * size
        let row = rows[head / count * steps + step] * half
        for pair in 0..<half {
          let first = start + (isInterleaved ? 2 * pair : pair)
          let second = start + (isInterleaved ? 2 * pair + 1 : pair + half)
          let (a, b) = (values[first], values[second])
          values[first] = c[row + pair] * a - s[row + pair] * b
          values[second] = s[row + pair] * a + c[row + pair] * b
        }
      }
    }
    let result = Tensor(shape: heads.shape, values)
    return [(x.rank == 3 ? try Heads.join(result) : result).converted(to: x.dtype)]
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(RotaryEmbedding.op, $0) }
