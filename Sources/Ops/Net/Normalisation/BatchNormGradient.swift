import Kernels
import Language
import Tensors

/// The gradient of batch normalisation with given statistics by its input: dy times a factor per channel.
enum BatchNormInputGradient {
  static let op: Op = Op(
    "nn.batch_norm_input_gradient", doc: "Gradient of nn.batch_norm by x.",
    inputs: [Port("dy", "tensor<f32>"), Port("scale", "tensor<f32>[C]"), Port("variance", "tensor<f32>[C]")],
    outputs: [Port("dx", "tensor<f32>")], params: BatchNorm.op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("dy").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let planes = ChannelPlanes(site.result.shape)
        let epsilon = site.attributes.number("epsilon")
        return [
          Choice(
            "affine", operations: Double(site.result.count), chunks: planes.chunks.chunks, inPlace: [(0, 0)]
          ) { call in
            for plane in planes.chunks.range(call.chunk) {
              let factor = BatchNorm.factor(call.input(1), call.input(2), plane % planes.channels, epsilon)
              Slab.affine(
                call.input(0) + plane * planes.area, scale: Float(factor), call.output() + plane * planes.area,
                count: planes.area)
            }
          }
        ]
      })))
}

/// The gradients of batch normalisation with given statistics by its four vectors.
enum BatchNormParameterGradient {
  static let op: Op = Op(
    "nn.batch_norm_parameter_gradient", doc: "Gradients of nn.batch_norm by scale, shift, mean and variance.",
    inputs: [
      Port("x", "tensor<f32>"), Port("dy", "tensor<f32>"), Port("scale", "tensor<f32>[C]"),
      Port("mean", "tensor<f32>[C]"), Port("variance", "tensor<f32>[C]"),
    ],
    outputs: ["scale", "shift", "mean", "variance"].map { Port($0, "tensor<f32>") }, params: BatchNorm.op.params,
    isInternal: true,
    infer: { facts throws(Fault) in Array(repeating: .f32(facts.tensor("scale").shape), count: 4) },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let planes = ChannelPlanes(site.operand(0).shape)
        let epsilon = site.attributes.number("epsilon")
        let chunks = Chunking(count: planes.channels, unitCost: 4 * planes.batch * planes.area)
        return [
          Choice("sums", operations: 3 * Double(site.operand(0).count), chunks: chunks.chunks) { call in
            for channel in chunks.range(call.chunk) {
              var (sum, product) = (0.0, 0.0)
              for image in 0..<planes.batch {
                let start = (image * planes.channels + channel) * planes.area
                sum += Slab.sum(call.input(1) + start, count: planes.area)
                product += Slab.dot(call.input(0) + start, call.input(1) + start, count: planes.area)
              }
              let scale = Double(call.input(2)[channel])
              let rate = 1 / (Double(call.input(4)[channel]) + epsilon).squareRoot()
              let centred = product - Double(call.input(3)[channel]) * sum
              call.output(0)[channel] = Float(centred * rate)
              call.output(1)[channel] = Float(sum)
              call.output(2)[channel] = Float(-scale * rate * sum)
              call.output(3)[channel] = Float(-0.5 * scale * rate * rate * rate * centred)
            }
          }
        ]
      })))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(BatchNormInputGradient.op, $0) }
@used @section("weft_ops") private let parameterEntry: OpEntry = {
  Registry.collect(BatchNormParameterGradient.op, $0)
}
