import Language
import Tensors

/// Rectifier with a learned slope per channel (He et al. 2015, Delving Deep into Rectifiers).
public enum PReLU {
  public static let op: Op = Op(
    "nn.prelu", doc: "x where x > 0, else slope * x, with a slope per channel of [N, C, …] or one for all.",
    inputs: [
      Port("x", "tensor<f32>", .one, "[N, C, …]"),
      Port("slope", "tensor<f32>[S]", .parameter(.constant(0.25)), "one number per channel, or one for all"),
    ],
    outputs: [Port("y", "tensor<f32>")],
    parameters: { facts throws(Fault) in [try ChannelPlanes.vector(facts)] },
    infer: { facts throws(Fault) in
      let isShared = try Shapes.extents(facts, "slope", rank: 1)?[0] == 1
      return try ChannelPlanes.infer(facts, vectors: isShared ? [] : ["slope"])
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let (x, slope, dy) = (a.operands[0], a.operands[1], a.cotangent)
          return [
            a.needs[0] ? try e.emit(PReLUInputGradient.op, [[x], [slope], [dy]])[0] : nil,
            a.needs[1] ? try e.emit(PReLUSlopeGradient.op, [[x], [slope], [dy]])[0] : nil,
          ]
        },
        batch: .first,
        pointwise: { site in [Pointwise(.lean(slopes: site.operand(1).count), operand: 0, other: 1)] },
        select: { site throws(Fault) in
          let planes = ChannelPlanes(site.result.shape)
          let step = site.operand(1).count == 1 ? 0 : 1
          return [
            Choice(
              "planes", operations: 2 * Double(site.result.count), chunks: planes.chunks.chunks, inPlace: [(0, 0)]
            ) { call in
              for plane in planes.chunks.range(call.chunk) {
                let slope = call.input(1)[plane % planes.channels * step]
                let (x, y) = (call.input(0) + plane * planes.area, call.output() + plane * planes.area)
                for index in 0..<planes.area { y[index] = x[index] > 0 ? x[index] : slope * x[index] }
              }
            }
          ]
        })))
}

/// The gradient of a rectifier with learned slopes by its input.
enum PReLUInputGradient {
  static let op: Op = Op(
    "nn.prelu_input_gradient", doc: "Gradient of nn.prelu by x.",
    inputs: [Port("x", "tensor<f32>"), Port("slope", "tensor<f32>"), Port("dy", "tensor<f32>")],
    outputs: [Port("dx", "tensor<f32>")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let planes = ChannelPlanes(site.result.shape)
        let step = site.operand(1).count == 1 ? 0 : 1
        return [
          Choice(
            "planes", operations: 2 * Double(site.result.count), chunks: planes.chunks.chunks,
            inPlace: [(2, 0), (0, 0)]
          ) { call in
            for plane in planes.chunks.range(call.chunk) {
              let slope = call.input(1)[plane % planes.channels * step]
              let start = plane * planes.area
              let (x, dy, dx) = (call.input(0) + start, call.input(2) + start, call.output() + start)
              for index in 0..<planes.area { dx[index] = x[index] > 0 ? dy[index] : slope * dy[index] }
            }
          }
        ]
      })))
}

/// The gradient of a rectifier by its slopes: the sum of dy · x where x is not positive.
enum PReLUSlopeGradient {
  static let op: Op = Op(
    "nn.prelu_slope_gradient", doc: "Gradient of nn.prelu by its slopes.",
    inputs: [Port("x", "tensor<f32>"), Port("slope", "tensor<f32>"), Port("dy", "tensor<f32>")],
    outputs: [Port("ds", "tensor<f32>")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("slope").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let planes = ChannelPlanes(site.operand(0).shape)
        let slopes = site.result.count
        let chunks = Chunking(count: slopes, unitCost: 2 * site.operand(0).count / max(1, slopes))
        return [
          Choice("sums", operations: 2 * Double(site.operand(0).count), chunks: chunks.chunks) { call in
            for slope in chunks.range(call.chunk) {
              var sum = 0.0
              for plane in stride(from: slope, to: planes.batch * planes.channels, by: slopes) {
                for index in plane * planes.area..<(plane + 1) * planes.area where call.input(0)[index] <= 0 {
                  sum += Double(call.input(2)[index]) * Double(call.input(0)[index])
                }
              }
              call.output()[slope] = Float(sum)
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(PReLU.op, $0) }
@used @section("weft_ops") private let inputEntry: OpEntry = { Registry.collect(PReLUInputGradient.op, $0) }
@used @section("weft_ops") private let slopeEntry: OpEntry = { Registry.collect(PReLUSlopeGradient.op, $0) }
