import Kernels
import Language
import Tensors

/// A mask brought to the size of features, its squares adding up to 1.
public enum RegionWeights {
  public static let op: Op = Op(
    "nn.region_weights",
    doc: """
      The mean of a mask over each cell of features [1, C, h, w], scaled: the Gram matrix of features times these weights \
      is the guided Gram matrix of the region (Gatys et al. 2017, section 4). Scaled to area, the squares add up to the \
      number of cells, so that a mask of ones changes nothing; squares and sum make theirs 1. With inner, only cells that \
      lie wholly inside count, so that nothing of another region is mixed in. An empty region has weights 0.
      """,
    inputs: [
      Port("mask", "tensor<f32>", .one, "[1, 1, H, W], 0 outside, 1 inside"),
      Port("like", "tensor<f32>", .one, "features [1, C, h, w]"),
    ],
    outputs: [Port("weights", "tensor<f32>", .one, "[1, 1, h, w]")],
    params: [
      Param("inner", .bool, default: .bool(false), "only cells wholly inside count"),
      Param(
        "scale", .choice(["area", "squares", "sum", "none"]), default: .string("area"), "what the weights add up to"),
    ],
    infer: { facts throws(Fault) in
      if let mask = try Shapes.extents(facts, "mask", rank: 4) {
        for dimension in 0...1 {
          try Shapes.require(mask[dimension], equals: 1, "mask", dimension, because: "one mask")
        }
      }
      guard let like = try Shapes.extents(facts, "like", rank: 4) else { return [.f32(nil)] }
      return [.f32([1, 1, like[2], like[3]])]
    },
    action: .numeric(
      Numeric(
        gradient: Numeric.constantGradient,
        select: { site throws(Fault) in
          let (from, to) = (site.operand(0).shape, site.result.shape)
          let (height, width, rows, columns) = (from[2], from[3], to[2], to[3])
          let isInner = site.attributes.bool("inner")
          let scale = site.attributes.string("scale")
          return [
            Choice("mean", operations: Double(height * width)) { call in
              var sum = 0.0
              for row in 0..<rows {
                for column in 0..<columns {
                  let (top, left) = (row * height / rows, column * width / columns)
                  let bottom = max(top + 1, ((row + 1) * height + rows - 1) / rows)
                  let right = max(left + 1, ((column + 1) * width + columns - 1) / columns)
                  var (total, least) = (0.0, 1.0)
                  for y in top..<bottom {
                    for x in left..<right {
                      let value = Double(call.input(0)[y * width + x])
                      total += value
                      least = min(least, value)
                    }
                  }
                  var value = total / Double((bottom - top) * (right - left))
                  if isInner && least < 1 - 1e-6 { value = 0 }
                  sum += scale == "sum" ? value : value * value
                  call.output()[row * columns + column] = Float(value)
                }
              }
              guard scale != "none", sum > 0 else { return }
              if scale != "sum" { sum = sum.squareRoot() }
              let factor = Float((scale == "area" ? Double(rows * columns).squareRoot() : 1) / sum)
              for index in 0..<rows * columns { call.output()[index] *= factor }
            }
          ]
        })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(RegionWeights.op, $0) }
