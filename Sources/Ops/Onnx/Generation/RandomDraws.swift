import Glibc
import Language
import Tensors

/// ONNX RandomNormal, RandomUniform and their -Like forms (1 to 22), Bernoulli (15 to 22) and Multinomial (7 to 22). A `seed` in the
/// model fixes the numbers; without one they come from the run's seed.
enum RandomDraws {
  static let ops = [
    shaped("RandomNormal", "Normal numbers.", normalParams, normal),
    shaped("RandomUniform", "Numbers of equal chance.", uniformParams, uniform),
    like("RandomNormalLike", "Normal numbers in the shape of another tensor.", normalParams, normal),
    like("RandomUniformLike", "Numbers of equal chance in the shape of another tensor.", uniformParams, uniform),
    OnnxOperator.make(
      "Bernoulli", "1 with the given chances, else 0.", "input", "output",
      [.attribute("dtype", nil), .attribute("seed", float: nil)], isRandom: true, infer: inferLike
    ) { call throws(Fault) in
      let chances = try call.tensor("input").requireFloat("input")
      var generator = generator(call)
      let draws = chances.doubles().map { generator.uniform() < $0 ? 1.0 : 0 }
      return [.rounding(draws, chances.shape, to: try call.dtype("dtype") ?? chances.dtype)]
    },
    OnnxOperator.make(
      "Multinomial", "Classes drawn by unnormalised log chances [batch, classes].", "input", "output",
      [.attribute("dtype", 6), .attribute("sample_size", 1, .natural), .attribute("seed", float: nil)], isRandom: true,
      infer: { facts throws(Fault) in
        let batch = facts.tensor("input").shape?.first ?? .unknown
        return [
          Inference.tensor(
            DType(onnx: facts.attributes.int("dtype")), [batch, Dim(facts.attributes.int("sample_size"))])
        ]
      }
    ) { call throws(Fault) in [try multinomial(call)] },
  ]

  private static let normalParams: [Param] = [.attribute("mean", float: 0), .attribute("scale", float: 1)]
  private static let uniformParams: [Param] = [.attribute("low", float: 0), .attribute("high", float: 1)]

  private typealias Draw = @Sendable (HostCall, Int) -> [Double]

  private static let normal: Draw = { call, count in
    var generator = generator(call)
    let (mean, scale) = (call.attributes.number("mean"), call.attributes.number("scale"))
    return generator.normals(count).map { mean + scale * $0 }
  }

  private static let uniform: Draw = { call, count in
    var generator = generator(call)
    let (low, high) = (call.attributes.number("low"), call.attributes.number("high"))
    return (0..<count).map { _ in low + (high - low) * generator.uniform() }
  }

  static func generator(_ call: HostCall) -> MersenneTwister {
    if let seed = call.number("seed"), seed.isFinite {
      return MersenneTwister(seed: UInt32(truncatingIfNeeded: Int64(real: seed)))
    }
    return MersenneTwister(seed: UInt32(truncatingIfNeeded: call.seed ^ (call.seed >> 32)))
  }

  private static func shaped(_ name: String, _ doc: String, _ params: [Param], _ draw: @escaping Draw) -> Op {
    OnnxOperator.make(
      name, doc, "", "output",
      params + [.ints(required: "shape"), .attribute("dtype", 1), .attribute("seed", float: nil)], isRandom: true,
      infer: { facts throws(Fault) in
        [Inference.tensor(DType(onnx: facts.attributes.int("dtype")), facts.attributes.ints("shape").map { Dim($0) })]
      }
    ) { call throws(Fault) in
      let shape = call.attributes.ints("shape")
      let count = try Extents.count(shape)
      return [.rounding(draw(call, count), shape, to: try call.dtype("dtype") ?? .f32)]
    }
  }

  private static func like(_ name: String, _ doc: String, _ params: [Param], _ draw: @escaping Draw) -> Op {
    OnnxOperator.make(
      name, doc, "input", "output", params + [.attribute("dtype", nil), .attribute("seed", float: nil)],
      isRandom: true, infer: inferLike
    ) { call throws(Fault) in
      let input = try call.tensor("input")
      return [.rounding(draw(call, input.count), input.shape, to: try call.dtype("dtype") ?? input.dtype)]
    }
  }

  private static let inferLike: Op.Inference = { facts throws(Fault) in
    let input = facts.tensor("input")
    let dtype = facts.attributes.has("dtype") ? DType(onnx: facts.attributes.int("dtype")) : input.dtype
    return [Inference.tensor(dtype, input.shape)]
  }

  private static func multinomial(_ call: HostCall) throws(Fault) -> Tensor {
    let input = try call.tensor("input").requireFloat("input")
    guard input.rank == 2, input.shape[1] > 0 else { throw .rank("input", input.shape, "[batch, classes]") }
    let (values, classes) = (input.doubles(), input.shape[1])
    let samples = call.attributes.int("sample_size")
    _ = try Extents.count([input.shape[0], samples])
    var generator = generator(call)
    var draws: [Double] = []
    for row in 0..<input.shape[0] {
      let logits = values[(row * classes)..<((row + 1) * classes)]
      let largest = logits.max() ?? 0
      let weights = logits.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      for _ in 0..<samples {
        var rest = generator.uniform() * total
        let choice = weights.firstIndex { weight in
          rest -= weight
          return rest < 0
        }
        draws.append(Double(choice ?? classes - 1))
      }
    }
    return .rounding(draws, [input.shape[0], samples], to: try call.dtype("dtype") ?? .i32)
  }
}
@used @section("weft_ops") private let entry: OpEntry = { OnnxOperator.collect(RandomDraws.ops, $0) }
