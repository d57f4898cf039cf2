import Kernels
import Language
import Tensors

/// The gradient of instance normalisation by its input. With n = (x - mean) · rate, it is
/// scale · rate · (dy - mean(dy) - n · mean(dy · n)).
enum InstanceNormInputGradient {
  static let op: Op = Op(
    "nn.instance_norm_input_gradient", doc: "Gradient of nn.instance_norm by x.",
    inputs: [
      Port("x", "tensor<f32>"), Port("dy", "tensor<f32>"), Port("scale", "tensor<f32>[C]", .optional),
    ],
    outputs: [Port("dx", "tensor<f32>")],
    params: [Param("epsilon", .number(.natural), "as of the normalisation")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let planes = ChannelPlanes(site.result.shape)
        let epsilon = site.attributes.number("epsilon")
        let hasScale = site.isConnected(2)
        return [
          Choice(
            "planes", operations: 10 * Double(site.result.count), chunks: planes.chunks.chunks,
            inPlace: [(1, 0), (0, 0)]
          ) { call in
            for plane in planes.chunks.range(call.chunk) {
              let x = call.input(0) + plane * planes.area
              let dy = call.input(1) + plane * planes.area
              let target = call.output() + plane * planes.area
              let moments = Moments(x, count: planes.area, epsilon: epsilon)
              let mean = Slab.sum(dy, count: planes.area) / Double(planes.area)
              let product = Slab.dot(x, dy, count: planes.area) / Double(planes.area)
              let along = moments.rate * (product - moments.mean * mean)
              let factor = moments.rate * (hasScale ? Double(call.input(2)[plane % planes.channels]) : 1)
              let (a, b) = (Float(factor), Float(-factor * moments.rate * along))
              let c = Float(factor * (moments.rate * moments.mean * along - mean))
              for index in 0..<planes.area { target[index] = a * dy[index] + (b * x[index] + c) }
            }
          }
        ]
      })))
}

/// The gradient of instance normalisation by its scale: the sum of dy · (x - mean) · rate.
enum InstanceNormScaleGradient {
  static let op: Op = Op(
    "nn.instance_norm_scale_gradient", doc: "Gradient of nn.instance_norm by its scale.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>")], outputs: [Port("ds", "tensor<f32>")],
    params: [Param("epsilon", .number(.natural), "as of the normalisation")], isInternal: true,
    infer: { facts throws(Fault) in [try ChannelPlanes.vector(facts)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let planes = ChannelPlanes(site.operand(0).shape)
        let epsilon = site.attributes.number("epsilon")
        let chunks = Chunking(count: planes.channels, unitCost: 6 * planes.batch * planes.area)
        return [
          Choice("sums", operations: 6 * Double(site.operand(0).count), chunks: chunks.chunks) { call in
            for channel in chunks.range(call.chunk) {
              var sum = 0.0
              for image in 0..<planes.batch {
                let start = (image * planes.channels + channel) * planes.area
                let (x, dy) = (call.input(0) + start, call.input(1) + start)
                let moments = Moments(x, count: planes.area, epsilon: epsilon)
                let product = Slab.dot(x, dy, count: planes.area)
                sum += moments.rate * (product - moments.mean * Slab.sum(dy, count: planes.area))
              }
              call.output()[channel] = Float(sum)
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(InstanceNormInputGradient.op, $0) }
@used @section("weft_ops") private let scaleEntry: OpEntry = { Registry.collect(InstanceNormScaleGradient.op, $0) }
