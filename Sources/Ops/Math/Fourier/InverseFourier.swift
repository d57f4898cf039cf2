import Glibc
import Kernels
import Language
import Tensors

/// Pictures from half spectra.
public enum InverseFourier {
  static let params = [
    Param("width", .int(.positive), "columns of the result; the spectrum has width / 2 + 1"),
    Param("decay", .bool, default: .bool(false), "scale as lucid's spectrum parameterisation does"),
  ]

  public static let op: Op = Op(
    "tensor.irfft2",
    doc: """
      The real picture [..., H, W] of a half spectrum [..., H, W / 2 + 1, 2] (real and imaginary parts): the inverse \
      two-dimensional Fourier transform, divided by H·W, as numpy.fft.irfft2. With decay every frequency f is first \
      scaled by sqrt(W·H) / max(f, 1 / max(W, H)), which makes all scales of a picture equally easy to reach (Olah et \
      al. 2017, lucid).
      """,
    inputs: [Port("x", "tensor<f32>", .one, "[..., H, W / 2 + 1, 2]")],
    outputs: [Port("y", "tensor<f32>", .one, "[..., H, W]")], params: params,
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("x").shape else { return [.f32(nil)] }
      let width = facts.attributes.int("width")
      guard shape.count >= 3 else { throw .shape("x has \(shape.count) dimensions; at least 3 are needed") }
      if let half = shape[shape.count - 2].value, half != width / 2 + 1 {
        throw .shape("dimension \(shape.count - 2) of x is \(half); a picture \(width) wide has \(width / 2 + 1)")
      }
      if let parts = shape[shape.count - 1].value, parts != 2 {
        throw .shape("dimension \(shape.count - 1) of x is \(parts); it holds a real and an imaginary part")
      }
      return [.f32(shape.dropLast(2) + [Dim(width)])]
    },
    action: .numeric(
      Numeric(
        gradient: { (e, a) throws(Fault) in try e.emit(gradient, [[a.cotangent]], a.attributes) },
        select: { site throws(Fault) in
          let plan = Plan(site.result.shape, site.attributes)
          return [
            Choice("matrices", operations: plan.operations, scratch: plan.scratch, chunks: plan.planes) { call in
              guard plan.area > 0 else { return }
              plan.inverse(
                call.input(0) + call.chunk * plan.spectrum, call.output() + call.chunk * plan.area, call.workspace)
            }
          ]
        })))

  static let gradient: Op = Op(
    "tensor.irfft2_gradient", doc: "The transpose of tensor.irfft2.", inputs: [Port("dy", "tensor<f32>")],
    outputs: [Port("dx", "tensor<f32>")], params: params, isInternal: true,
    infer: { facts throws(Fault) in
      guard let shape = facts.tensor("dy").shape else { return [.f32(nil)] }
      return [.f32(shape.dropLast() + [Dim(facts.attributes.int("width") / 2 + 1), 2])]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let plan = Plan(site.operand(0).shape, site.attributes)
        return [
          Choice("matrices", operations: plan.operations, scratch: plan.scratch, chunks: plan.planes) { call in
            guard plan.area > 0 else { return }
            plan.transpose(
              call.input(0) + call.chunk * plan.area, call.output() + call.chunk * plan.spectrum, call.workspace)
          }
        ]
      })))

  /// Both directions by sums over one dimension at a time, H·W·(H + W) terms, with tables of sines: pictures made this
  /// way are small.
  private struct Plan: Sendable {
    let planes: Int
    let height: Int
    let width: Int
    let half: Int
    private let rows: [SIMD2<Float>]
    private let columns: [SIMD2<Float>]
    /// Per frequency: what it is multiplied by, 1 / (H·W) and the twin of a column included.
    private let scale: [Float]

    var area: Int { height * width }
    var spectrum: Int { height * half * 2 }
    var scratch: Int { height * half * 8 }
    var operations: Double { 4 * Double(planes * height * half) * Double(height + width) }

    init(_ shape: [Int], _ attributes: Attributes) {
      (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
      planes = max(1, shape.dropLast(2).reduce(1, *))
      half = width / 2 + 1
      rows = Plan.circle(height)
      columns = Plan.circle(width)
      let decays = attributes.bool("decay")
      var scale: [Float] = []
      for row in 0..<height {
        for column in 0..<half {
          // A real picture's other half is the mirror image: columns between the first and the middle count twice.
          let isSingle = column == 0 || 2 * column == width
          var factor = (isSingle ? 1.0 : 2) / Double(height * width)
          if decays {
            let y = Double(row <= height / 2 ? row : row - height) / Double(height)
            let x = Double(column) / Double(width)
            let frequency = max((x * x + y * y).squareRoot(), 1 / Double(max(width, height)))
            factor *= Double(height * width).squareRoot() / frequency
          }
          scale.append(Float(factor))
        }
      }
      self.scale = scale
    }

    /// (cos, sin) of 2πi/n.
    private static func circle(_ n: Int) -> [SIMD2<Float>] {
      (0..<n).map { index in
        let angle = 2 * Double.pi * Double(index) / Double(n)
        return SIMD2(Float(cos(angle)), Float(sin(angle)))
      }
    }

    func inverse(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ memory: UnsafeMutablePointer<Float>) {
      // Along columns: sum over rows v of X[v, u]·e^(2πi·v·r/H).
      for row in 0..<height {
        for u in 0..<half {
          var sum = SIMD2<Float>()
          for v in 0..<height {
            let turn = rows[v * row % height]
            let factor = scale[v * half + u]
            let (a, b) = (factor * x[(v * half + u) * 2], factor * x[(v * half + u) * 2 + 1])
            sum.x += a * turn.x - b * turn.y
            sum.y += a * turn.y + b * turn.x
          }
          (memory[(row * half + u) * 2], memory[(row * half + u) * 2 + 1]) = (sum.x, sum.y)
        }
      }
      for row in 0..<height {
        for column in 0..<width {
          var sum: Float = 0
          for u in 0..<half {
            let turn = columns[u * column % width]
            let at = (row * half + u) * 2
            sum += memory[at] * turn.x
            sum -= memory[at + 1] * turn.y
          }
          y[row * width + column] = sum
        }
      }
    }

    func transpose(_ y: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ memory: UnsafeMutablePointer<Float>) {
      for row in 0..<height {
        for u in 0..<half {
          var sum = SIMD2<Float>()
          for column in 0..<width {
            let turn = columns[u * column % width]
            let value = y[row * width + column]
            sum.x += value * turn.x
            sum.y -= value * turn.y
          }
          (memory[(row * half + u) * 2], memory[(row * half + u) * 2 + 1]) = (sum.x, sum.y)
        }
      }
      for v in 0..<height {
        for u in 0..<half {
          var sum = SIMD2<Float>()
          for row in 0..<height {
            let turn = rows[v * row % height]
            let (a, b) = (memory[(row * half + u) * 2], memory[(row * half + u) * 2 + 1])
            sum.x += a * turn.x + b * turn.y
            sum.y += b * turn.x - a * turn.y
          }
          sum *= scale[v * half + u]
          (x[(v * half + u) * 2], x[(v * half + u) * 2 + 1]) = (sum.x, sum.y)
        }
      }
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(InverseFourier.op, $0) }
@used @section("weft_ops") private let gradientEntry: OpEntry = { Registry.collect(InverseFourier.gradient, $0) }
