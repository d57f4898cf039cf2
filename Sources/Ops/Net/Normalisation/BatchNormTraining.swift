import Kernels
import Language
import Tensors

/// Batch normalisation with the statistics of the batch (Ioffe & Szegedy 2015, alg. 1): what a network in training
/// computes.
public enum BatchNormTraining {
  public static let op: Op = Op(
    "nn.batch_norm_train",
    doc: """
      (x - mean) / sqrt(variance + epsilon) * scale + shift per channel of [N, C, …], with mean and variance over the \
      batch. The results mean and variance are the running statistics after the step, (1 - momentum) * old + momentum * \
      batch, the variance with n - 1 as PyTorch has it; optim.minimize carries them along. Parameters are named as those \
      of nn.batch_norm, so that one network file holds both: {"op": {"$": "training ? 'nn.batch_norm_train' : \
      'nn.batch_norm'"}}; the result to go on with is y.
      """,
    inputs: BatchNorm.op.inputs,
    outputs: [
      Port("y", "tensor<f32>"), Port("mean", "tensor<f32>", .one, "running mean after the step"),
      Port("variance", "tensor<f32>", .one, "running variance after the step"),
    ],
    params: BatchNorm.op.params,
    parameters: { facts throws(Fault) in Array(repeating: try ChannelPlanes.vector(facts), count: 4) },
    updates: ["mean": "mean", "variance": "variance"],
    infer: { facts throws(Fault) in
      let vector = try ChannelPlanes.vector(facts)
      return try ChannelPlanes.infer(facts, vectors: ["scale", "shift", "mean", "variance"]) + [vector, vector]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          guard let dy = a.cotangents[0] else { return Array(repeating: nil, count: 5) }
          let found = try e.emit(
            BatchNormTrainingGradient.op, [[a.operands[0]], [dy], [a.operands[1]]],
            ["epsilon": .float(a.attributes.number("epsilon"))])
          return [found[0], found[1], found[2], nil, nil]
        },
        select: { site throws(Fault) in
          let planes = ChannelPlanes(site.operand(0).shape)
          let statistics = BatchStatistics(planes: planes, epsilon: site.attributes.number("epsilon"))
          let momentum = site.attributes.number("momentum")
          let count = Double(planes.batch * planes.area)
          let correction = count > 1 ? count / (count - 1) : 1
          let chunks = Chunking(count: planes.channels, unitCost: 6 * planes.batch * planes.area)
          return [
            Choice("channels", operations: 6 * Double(site.operand(0).count), chunks: chunks.chunks) { call in
              for channel in chunks.range(call.chunk) {
                let (mean, variance) = statistics.moments(channel, call.input(0))
                let factor = Double(call.input(1)[channel]) / (variance + statistics.epsilon).squareRoot()
                statistics.apply(
                  channel, call.input(0), factor: factor, offset: Double(call.input(2)[channel]) - mean * factor,
                  call.output())
                remember(call, channel, momentum: momentum, mean: mean, variance: variance * correction)
              }
            }
          ] + blocked(site, planes, momentum: momentum, correction: correction)
        })))

  /// The running statistics after the step.
  private static func remember(
    _ call: KernelCall, _ channel: Int, momentum: Double, mean: Double, variance: Double
  ) {
    let old = (mean: Double(call.input(3)[channel]), variance: Double(call.input(4)[channel]))
    call.output(1)[channel] = Float(old.mean + momentum * (mean - old.mean))
    call.output(2)[channel] = Float(old.variance + momentum * (variance - old.variance))
  }

  /// In blocks, with a rectifier that follows. Whole blocks of single numbers lie like rows, so layers without places
  /// come here, too.
  private static func blocked(
    _ site: Site, _ planes: ChannelPlanes, momentum: Double, correction: Double
  ) -> [Choice] {
    guard let layout = planes.blockedLayout else { return [] }
    let norm = BlockedBatchNorm(planes, epsilon: site.attributes.number("epsilon"))
    let rectifies = site.followers.first?.kind == .rectify
    return [
      Choice(
        "blocked", operandLayouts: [layout] + Array(repeating: .rowMajor, count: 4),
        resultLayouts: [layout, .rowMajor, .rowMajor], operations: 6 * Double(site.operand(0).count),
        chunks: norm.chunks, inPlace: [(0, 0)], absorbs: rectifies ? 1 : 0,
        seconds: 6 * Double(site.operand(0).count) / 1e10
      ) { call in
        norm.forward(
          chunk: call.chunk, x: call.input(0), scale: call.input(1), shift: call.input(2), rectifies: rectifies,
          y: call.output()
        ) { remember(call, $0, momentum: momentum, mean: $1, variance: $2 * correction) }
      }
    ]
  }
}

/// The gradients of batch normalisation through the statistics of the batch.
enum BatchNormTrainingGradient {
  static let op: Op = Op(
    "nn.batch_norm_train_gradient", doc: "Gradients of nn.batch_norm_train by x, scale and shift.",
    inputs: [Port("x", "tensor<f32>"), Port("dy", "tensor<f32>"), Port("scale", "tensor<f32>[C]")],
    outputs: ["x", "scale", "shift"].map { Port($0, "tensor<f32>") }, params: BatchNorm.op.params, isInternal: true,
    infer: { facts throws(Fault) in
      let vector = ValueType.f32(facts.tensor("scale").shape)
      return [.f32(facts.tensor("x").shape), vector, vector]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let planes = ChannelPlanes(site.operand(0).shape)
        let statistics = BatchStatistics(planes: planes, epsilon: site.attributes.number("epsilon"))
        let chunks = Chunking(count: planes.channels, unitCost: 10 * planes.batch * planes.area)
        return [
          Choice("channels", operations: 10 * Double(site.operand(0).count), chunks: chunks.chunks) { call in
            for channel in chunks.range(call.chunk) {
              let slopes = statistics.gradient(
                channel, call.input(0), call.input(1), scale: call.input(2)[channel], call.output(0))
              call.output(1)[channel] = Float(slopes.scale)
              call.output(2)[channel] = Float(slopes.shift)
            }
          }
        ] + blocked(site, planes)
      })))

  private static func blocked(_ site: Site, _ planes: ChannelPlanes) -> [Choice] {
    guard let layout = planes.blockedLayout else { return [] }
    let norm = BlockedBatchNorm(planes, epsilon: site.attributes.number("epsilon"))
    return [
      Choice(
        "blocked", operandLayouts: [layout, layout, .rowMajor], resultLayouts: [layout, .rowMajor, .rowMajor],
        operations: 10 * Double(site.operand(0).count), chunks: norm.chunks, inPlace: [(1, 0)],
        seconds: 10 * Double(site.operand(0).count) / 1e10
      ) { call in
        norm.gradient(
          chunk: call.chunk, x: call.input(0), dy: call.input(1), scale: call.input(2), dx: call.output()
        ) {
          call.output(1)[$0] = Float($1)
          call.output(2)[$0] = Float($2)
        }
      }
    ]
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(BatchNormTraining.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(BatchNormTrainingGradient.op, $0) }
