import Kernels
import Language
import Tensors

/// Instance normalisation (Ulyanov, Vedaldi & Lempitsky 2016): each plane by its own mean and variance.
public enum InstanceNorm {
  public static let op: Op = Op(
    "nn.instance_norm",
    doc: """
      (x - mean) / sqrt(variance + epsilon) * scale + shift, with mean and (biased) variance of each plane of [N, C, …]. \
      With affine false and nothing connected there is no scale and shift.
      """,
    inputs: [
      Port("x", "tensor<f32>", .one, "[N, C, …]"),
      Port("scale", "tensor<f32>[C]", .parameter(.constant(1)), "gamma"),
      Port("shift", "tensor<f32>[C]", .parameter(.constant(0)), "beta"),
    ],
    outputs: [Port("y", "tensor<f32>")],
    params: [
      Param("epsilon", .number(.natural), default: .float(1e-5), "added to the variance"),
      Param("affine", .bool, default: .bool(true), "whether the node owns scale and shift when none are connected"),
    ],
    parameters: { facts throws(Fault) in
      let vector = try ChannelPlanes.vector(facts)
      return Array(repeating: facts.attributes.bool("affine") ? vector : .any, count: 2)
    },
    infer: { facts throws(Fault) in try ChannelPlanes.infer(facts, vectors: ["scale", "shift"]) },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in
          let (x, dy) = (a.operands[0], a.cotangent)
          let scale = a.node.operands[1]
          let epsilon = ["epsilon": Literal.float(a.attributes.number("epsilon"))]
          var result: [ValueID?] = [
            a.needs[0] ? try e.emit(InstanceNormInputGradient.op, [[x], [dy], scale], epsilon)[0] : nil
          ]
          if !scale.isEmpty {
            let isNeeded = a.needs[1]
            result.append(isNeeded ? try e.emit(InstanceNormScaleGradient.op, [[x], [dy]], epsilon)[0] : nil)
          }
          if !a.node.operands[2].isEmpty {
            let isNeeded = a.needs[a.needs.count - 1]
            result.append(isNeeded ? try e.emit(ChannelSum.op, [[dy]], ["axis": .int(1)])[0] : nil)
          }
          return result
        },
        batch: .first,
        select: { site throws(Fault) in
          let planes = ChannelPlanes(site.result.shape)
          let epsilon = site.attributes.number("epsilon")
          let (hasScale, hasShift) = (site.isConnected(1), site.isConnected(2))
          return [
            Choice(
              "two-pass", operations: 5 * Double(site.result.count), chunks: planes.chunks.chunks, inPlace: [(0, 0)]
            ) { call in
              for plane in planes.chunks.range(call.chunk) {
                let x = call.input(0) + plane * planes.area
                let channel = plane % planes.channels
                let moments = Moments(x, count: planes.area, epsilon: epsilon)
                let factor = moments.rate * (hasScale ? Double(call.input(1)[channel]) : 1)
                let shift = hasShift ? Double(call.input(hasScale ? 2 : 1)[channel]) : 0
                Slab.affine(
                  x, scale: Float(factor), shift: Float(shift - moments.mean * factor),
                  call.output() + plane * planes.area, count: planes.area)
              }
            }
          ] + blocked(site, planes)
        })))

  /// In blocks, with an addition and a rectifier that follow.
  private static func blocked(_ site: Site, _ planes: ChannelPlanes) -> [Choice] {
    guard planes.blockedLayout == .blocked else { return [] }
    // The statistics of each image are those of a batch of one.
    let norm = BlockedBatchNorm(
      batch: 1, channels: planes.channels, area: planes.area, epsilon: site.attributes.number("epsilon"))
    let (hasScale, hasShift) = (site.isConnected(1), site.isConnected(2))
    let own = 1 + (hasScale ? 1 : 0) + (hasShift ? 1 : 0)
    let kinds = site.followers.map(\.kind)
    let adds = kinds.first == .add
    let rectifies = kinds.dropFirst(adds ? 1 : 0).first == .rectify
    let operations = 5 * Double(planes.batch * norm.chunks * Blocked.block * planes.area)
    return [
      Choice(
        "blocked",
        operandLayouts: [.blocked] + Array(repeating: .rowMajor, count: own - 1) + (adds ? [.blocked] : []),
        resultLayouts: [.blocked], operations: operations, chunks: planes.batch * norm.chunks, inPlace: [(0, 0)],
        absorbs: (adds ? 1 : 0) + (rectifies ? 1 : 0), seconds: operations / 1e10
      ) { call in
        let (image, block) = (call.chunk / norm.chunks, call.chunk % norm.chunks)
        let start = image * norm.chunks * Blocked.block * planes.area
        norm.forward(
          chunk: block, x: call.input(0) + start, scale: hasScale ? call.input(1) : nil,
          shift: hasShift ? call.input(own - 1) : nil, adding: adds ? call.input(own) + start : nil,
          rectifies: rectifies, y: call.output() + start)
      }
    ]
  }
}

/// Mean and 1 / sqrt(variance + epsilon) of a run of floats, summed in Double.
struct Moments {
  let mean: Double
  let rate: Double

  init(_ x: UnsafePointer<Float>, count: Int, epsilon: Double) {
    mean = Slab.sum(x, count: count) / Double(count)
    let variance = max(0, Slab.sumOfSquares(x, count: count) / Double(count) - mean * mean)
    rate = 1 / (variance + epsilon).squareRoot()
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(InstanceNorm.op, $0) }
