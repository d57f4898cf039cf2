import Glibc
import Kernels
import Language
import Tensors

/// Gaussian blur of planes.
public enum Blur {
  public static let op: Op = Op(
    "tensor.blur",
    doc: """
      The last two dimensions blurred by a normal distribution of the given deviation in pixels, cut off at four of them; \
      the edge repeats outward. A deviation of 0 changes nothing.
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[..., H, W]")],
    outputs: [Port("y", "tensor<f32>", .one, "the shape of x")],
    params: [Param("sigma", .number(0...1000), default: .float(1), "deviation, px")],
    infer: { facts throws(Fault) in
      if let shape = facts.tensor("x").shape, shape.count < 2 {
        throw .shape("x has \(shape.count) dimensions; at least 2 are needed")
      }
      return [facts.type("x")]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in try e.emit(gradient, [[a.cotangent]], a.attributes) },
        select: { site throws(Fault) in choices(site, isGradient: false) })))

  static let gradient: Op = Op(
    "tensor.blur_gradient", doc: "The transpose of tensor.blur.", inputs: [Port("dy", "tensor<f32>")],
    outputs: [Port("dx", "tensor<f32>")], params: op.params, isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("dy").shape)] },
    action: .numeric(Numeric(select: { site throws(Fault) in choices(site, isGradient: true) })))

  private static func choices(_ site: Site, isGradient: Bool) -> [Choice] {
    let shape = site.result.shape
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let planes = shape.dropLast(2).reduce(1, *)
    let taps = taps(site.attributes.number("sigma"))
    let area = height * width
    return [
      Choice(
        "separable", operations: 4 * Double(site.result.count * taps.count), scratch: 4 * area, chunks: max(1, planes)
      ) { call in
        guard area > 0, planes > 0 else { return }
        let (x, y) = (call.input(0) + call.chunk * area, call.output() + call.chunk * area)
        pass(x, call.workspace, lines: height, step: width, count: width, stride: 1, taps, isGradient)
        pass(call.workspace, y, lines: width, step: 1, count: height, stride: width, taps, isGradient)
      }
    ]
  }

  /// The right half of the kernel, from the middle outward.
  private static func taps(_ sigma: Double) -> [Float] {
    guard sigma > 0 else { return [1] }
    let weights = (0...max(1, Int((4 * sigma).rounded(.up)))).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = weights[0] + 2 * weights.dropFirst().reduce(0, +)
    return weights.map { Float($0 / sum) }
  }

  private static func pass(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, lines: Int, step: Int, count: Int, stride: Int,
    _ taps: [Float], _ isGradient: Bool
  ) {
    for line in 0..<lines {
      let (from, to) = (x + line * step, y + line * step)
      if isGradient { for index in 0..<count { to[index * stride] = 0 } }
      for index in 0..<count {
        var sum: Float = 0
        for offset in 1 - taps.count..<taps.count {
          let place = min(max(index + offset, 0), count - 1) * stride
          let weight = taps[abs(offset)]
          if isGradient { to[place] += weight * from[index * stride] } else { sum += weight * from[place] }
        }
        if !isGradient { to[index * stride] = sum }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Blur.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(Blur.gradient, $0) }
