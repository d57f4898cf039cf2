import Kernels
import Language
import Tensors

/// Batch normalisation with known statistics (Ioffe & Szegedy 2015, alg. 2): what a trained network computes.
public enum BatchNorm {
  public static let op: Op = Op(
    "nn.batch_norm",
    doc: """
      (x - mean) / sqrt(variance + epsilon) * scale + shift per channel of [N, C, …], with given statistics, as in a \
      trained network.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "[N, C, …]"),
      Port("scale", "tensor<f32>[C]", .parameter(.constant(1)), "gamma"),
      Port("shift", "tensor<f32>[C]", .parameter(.constant(0)), "beta"),
      Port("mean", "tensor<f32>[C]", .parameter(.constant(0)), "running mean"),
      Port("variance", "tensor<f32>[C]", .parameter(.constant(1)), "running variance"),
    ],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("epsilon", .number(.natural), default: .float(1e-5), "added to the variance"),
      Param(
        "momentum", .number(0...1), default: .float(0.1),
        "share of a batch in the running statistics: counts in training (nn.batch_norm_train)"),
    ],
    parameters: { facts throws(Fault) in Array(repeating: try ChannelPlanes.vector(facts), count: 4) },
    infer: { facts throws(Fault) in
      try ChannelPlanes.infer(facts, vectors: ["scale", "shift", "mean", "variance"])
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let operands = a.operands
          guard operands.count == 5 else { return [] }
          let (x, scale, mean, variance, dy) = (operands[0], operands[1], operands[3], operands[4], a.cotangent)
          var result: [ValueID?] = Array(repeating: nil, count: 5)
          if a.needs[0] {
            result[0] = try e.emit(BatchNormInputGradient.op, [[dy], [scale], [variance]], a.attributes)[0]
          }
          if a.needs[1...].contains(true) {
            let vectors = try e.emit(
              BatchNormParameterGradient.op, [[x], [dy], [scale], [mean], [variance]], a.attributes)
            for index in 1...4 where a.needs[index] { result[index] = vectors[index - 1] }
          }
          return result
        },
        batch: .first,
        select: { site throws(Fault) in
          let planes = ChannelPlanes(site.result.shape)
          let epsilon = site.attributes.number("epsilon")
          return [
            Choice(
              "affine", operations: 2 * Double(site.result.count), chunks: planes.chunks.chunks, inPlace: [(0, 0)]
            ) { call in
              for plane in planes.chunks.range(call.chunk) {
                let channel = plane % planes.channels
                let factor = factor(call.input(1), call.input(4), channel, epsilon)
                let shift = Double(call.input(2)[channel]) - Double(call.input(3)[channel]) * factor
                Slab.affine(
                  call.input(0) + plane * planes.area, scale: Float(factor), shift: Float(shift),
                  call.output() + plane * planes.area, count: planes.area)
              }
            }
          ]
        })))

  /// scale / sqrt(variance + epsilon)
  static func factor(
    _ scale: UnsafePointer<Float>, _ variance: UnsafePointer<Float>, _ channel: Int, _ epsilon: Double
  ) -> Double { Double(scale[channel]) / (Double(variance[channel]) + epsilon).squareRoot() }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(BatchNorm.op, $0) }
