import Glibc
import Kernels
import Language
import Tensors

/// A picture moved, scaled and turned a little, another way at each step.
public enum RandomWarp {
  static let params = [
    Param("jitter", .number(0...16384), default: .float(0), "largest shift along each side, px"),
    Param("scales", .numbers(0.01...100, counts: []), default: .array([.float(1)]), "sizes to choose from"),
    Param("angles", .numbers(-360...360, counts: []), default: .array([.float(0)]), "turns to choose from, degrees"),
    Param("border", .number(.all), default: .float(0.5), "beyond the picture"),
    Param("wrap", .bool, default: .bool(false), "whole shifts only, what leaves at one end enters at the other"),
    Param("stream", .int(.natural), default: .int(0), "uses with different numbers draw apart"),
  ]

  public static let op: Op = Op(
    "tensor.random_warp",
    doc: """
      The last two dimensions shifted, scaled and turned about their middle by amounts drawn anew at every step of the \
      loop, bilinear between the elements; differentiable. What survives such moves is a feature and not a pattern of \
      single pixels (Mordvintsev et al. 2015, jitter; Olah et al. 2017). Equal params draw equal amounts: give uses of \
      one body different streams.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[..., H, W]")],
    outputs: [Port("y", "tensor<f32>", .one, "the shape of x")],
    params: params,
    infer: { facts throws(Fault) in
      let type = facts.tensor("x")
      if let shape = type.shape, shape.count < 2 {
        throw .shape("x has \(shape.count) dimensions; at least 2 are needed")
      }
      for name in ["scales", "angles"] where facts.attributes.numbers(name).isEmpty {
        throw .params("param \"\(name)\" is empty: there is nothing to choose from")
      }
      return [.f32(type.shape, type.meaning)]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in try e.emit(gradient, [[a.cotangent]], a.attributes) },
        select: { site throws(Fault) in choices(site, isGradient: false) })))

  static let gradient: Op = Op(
    "tensor.random_warp_gradient", doc: "The transpose of tensor.random_warp with the same draws.",
    inputs: [Port("dy", "tensor<f32>")], outputs: [Port("dx", "tensor<f32>")], params: params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("dy").shape)] },
    action: .numeric(Numeric(select: { site throws(Fault) in choices(site, isGradient: true) })))

  private static func choices(_ site: Site, isGradient: Bool) -> [Choice] {
    let plan = Plan(site)
    return [
      Choice("bilinear", operations: 8 * Double(site.result.count), chunks: max(1, plan.planes)) { call in
        guard plan.extent.height * plan.extent.width * plan.planes > 0 else { return }
        if plan.wraps {
          plan.roll(call, back: isGradient)
        } else if isGradient {
          plan.warp(call).gradient(planes: call.chunk..<call.chunk + 1, dy: call.input(0), dx: call.output())
        } else {
          plan.warp(call).run(planes: call.chunk..<call.chunk + 1, x: call.input(0), y: call.output())
        }
      }
    ]
  }

  private struct Plan: Sendable {
    let extent: Extent
    let planes: Int
    let wraps: Bool
    private let jitter: Double
    private let scales: [Double]
    private let angles: [Double]
    private let border: Float
    private let stream: UInt64

    init(_ site: Site) {
      let shape = site.result.shape
      extent = Extent(shape[shape.count - 2], shape[shape.count - 1])
      planes = shape.dropLast(2).reduce(1, *)
      wraps = site.attributes.bool("wrap")
      jitter = site.attributes.number("jitter")
      scales = site.attributes.numbers("scales")
      angles = site.attributes.numbers("angles")
      border = Float(site.attributes.number("border"))
      stream = UInt64(site.attributes.int("stream"))
    }

    /// Four numbers on [0, 1) for this step: the same for every chunk, and on the way back.
    private func draws(_ call: KernelCall) -> SIMD4<Double> {
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 4) { memory in
        // The label keeps the numbers apart from those of noise with the same seed.
        let counter = UInt128(0x7761_7270 &+ stream) << 64 | UInt128(call.step) << 8
        Philox(key: call.seed, counter: counter).uniform(0..<4, memory.baseAddress!)
        return SIMD4(Double(memory[0]), Double(memory[1]), Double(memory[2]), Double(memory[3]))
      }
    }

    func warp(_ call: KernelCall) -> Warp {
      let draws = draws(call)
      let scale = scales[min(scales.count - 1, Int(draws[2] * Double(scales.count)))]
      let angle = angles[min(angles.count - 1, Int(draws[3] * Double(angles.count)))] * .pi / 180
      let (shiftX, shiftY) = ((2 * draws[0] - 1) * jitter, (2 * draws[1] - 1) * jitter)
      let (middleX, middleY) = (Double(extent.width - 1) / 2, Double(extent.height - 1) / 2)
      let (a, b) = (cos(angle) / scale, sin(angle) / scale)
      return Warp(
        input: extent, output: extent, a: a, b: b, c: middleX - a * middleX - b * middleY - shiftX, d: -b, e: a,
        f: middleY + b * middleX - a * middleY - shiftY, border: border)
    }

    func roll(_ call: KernelCall, back: Bool) {
      let draws = draws(call)
      let (height, width) = (extent.height, extent.width)
      func shift(_ draw: Double, _ extent: Int) -> Int {
        let amount = Int(((2 * draw - 1) * jitter).rounded())
        return ((back ? -amount : amount) % extent + extent) % extent
      }
      let (right, down) = (shift(draws[0], width), shift(draws[1], height))
      let (x, y) = (call.input(0) + call.chunk * height * width, call.output() + call.chunk * height * width)
      for row in 0..<height {
        let target = y + (row + down) % height * width
        for column in 0..<width { target[(column + right) % width] = x[row * width + column] }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(RandomWarp.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(RandomWarp.gradient, $0) }
