import Kernels
import Language
import Tensors

/// Pixels that matter, the others set to zero.
public enum KeepLargest {
  public static let op: Op = Op(
    "tensor.keep_largest",
    doc: """
      The picture [1, C, H, W] with every pixel set to 0 whose score is below a percentile of all scores. The score of a \
      pixel is the length of the vector "by" across channels (clipping by norm), or, with the picture itself and its \
      gradient multiplied on that port, the size of its contribution (Yosinski et al. 2015).
      """,
    inputs: [
      Port("x", "tensor<f32>[N,C,H,W]", .one, "the picture"),
      Port("by", "tensor<f32>[N,K,H,W]", .one, "what is scored"),
    ],
    outputs: [Port("y", "tensor<f32>", .one, "the shape of x")],
    params: [
      Param("percentile", .number(0...100), default: .float(50), "share of the pixels that go, in per cent"),
      Param("score", .choice(["norm", "sum"]), default: .string("norm"), "length across channels, or size of the sum"),
    ],
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape, facts.tensor("x").meaning)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (shape, by) = (site.operand(0).shape, site.operand(1).shape)
        let area = shape[2] * shape[3]
        let keep = site.attributes.number("percentile") / 100
        let isSum = site.attributes.string("score") == "sum"
        return [
          Choice("sort", operations: Double(site.operand(1).count), chunks: max(1, shape[0])) { call in
            guard area > 0, shape[0] > 0 else { return }
            let scored = call.input(1) + call.chunk * by[1] * area
            let scores = (0..<area).map { pixel -> Float in
              var sum: Float = 0
              for channel in 0..<by[1] {
                let value = scored[channel * area + pixel]
                sum += isSum ? value : value * value
              }
              return abs(sum)
            }
            let limit = scores.sorted()[min(area - 1, Int(keep * Double(area)))]
            for channel in 0..<shape[1] {
              let start = (call.chunk * shape[1] + channel) * area
              for pixel in 0..<area {
                call.output()[start + pixel] = keep > 0 && scores[pixel] < limit ? 0 : call.input(0)[start + pixel]
              }
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(KeepLargest.op, $0) }
