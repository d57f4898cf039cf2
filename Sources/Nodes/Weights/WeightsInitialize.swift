import Language
import Tensors

/// Starts a network parameter that no weight file is bound to.
public enum WeightsInitialize {
  public static let op = Op(
    "weights.initialize",
    doc: """
      A network parameter before training. Numbers depend on the run's seed and the parameter's name, never on order. \
      he_normal: deviation sqrt(2 / fan_in), he_uniform: ±sqrt(6 / fan_in) (He et al. 2015); xavier_normal: deviation \
      sqrt(2 / (fan_in + fan_out)), xavier_uniform: ±sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio 2010); \
      truncated_normal: drawn again beyond two deviations; orthogonal: orthonormal rows or columns of [first extent, the \
      rest], times value or 1 (Saxe et al. 2014). fan_in is the product of all extents but the first, fan_out that of all but the second; a vector \
      counts its length for both.
      """,
    inputs: [], outputs: [Port("tensor", "tensor<f32>")],
    params: [
      Param("name", .string, "the parameter's name in the network"),
      Param("shape", .ints(.natural, counts: []), "its extents"),
      Param("method", .choice(methods), "how it starts"),
      Param("value", .number(.all), default: .float(0), "of constant; the gain of orthogonal, 0 meaning 1"),
      Param(
        "deviation", .number(.natural), default: .float(0.01), "of normal and truncated_normal; uniform is ±deviation"),
    ],
    isRandom: true, isInternal: true,
    infer: { facts throws(Fault) in [.f32(shape(facts.attributes).map { Dim($0) })] },
    action: .host(
      Host { call throws(Fault) in
        [.tensor(tensor(call.attributes, name: call.attributes.string("name"), seed: call.seed))]
      }))

  private static let methods = [
    "constant", "he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "normal", "truncated_normal", "uniform",
    "orthogonal",
  ]

  /// Extents in full: the param may hold a single integer for a vector.
  static func shape(_ attributes: Attributes) -> [Int] { attributes.ints("shape") }

  static func tensor(_ attributes: Attributes, name: String, seed: UInt64) -> Tensor {
    let shape = shape(attributes)
    let random = RandomNumbers(seed: seed, stream: Digest(of: name).low)
    let (fanIn, fanOut) = fans(shape)
    switch attributes.string("method") {
    case "he_normal": return random.normal(shape, mean: 0, deviation: (2 / max(1, fanIn)).squareRoot())
    case "xavier_uniform":
      let limit = (6 / max(1, fanIn + fanOut)).squareRoot()
      return random.uniform(shape, -limit, limit)
    case "he_uniform":
      let limit = (6 / max(1, fanIn)).squareRoot()
      return random.uniform(shape, -limit, limit)
    case "xavier_normal":
      return random.normal(shape, mean: 0, deviation: (2 / max(1, fanIn + fanOut)).squareRoot())
    case "truncated_normal":
      return random.truncatedNormal(shape, mean: 0, deviation: attributes.number("deviation"))
    case "orthogonal":
      let gain = attributes.number("value")
      return Orthogonal.tensor(random.normal(shape, mean: 0, deviation: 1), gain: gain == 0 ? 1 : gain)
    case "normal": return random.normal(shape, mean: 0, deviation: attributes.number("deviation"))
    case "uniform":
      let limit = attributes.number("deviation")
      return random.uniform(shape, -limit, limit)
    default:
      let value = Float(attributes.number("value"))
      return Tensor(Float.self, shape: shape) { $0.initialize(repeating: value) }
    }
  }

  static func fans(_ shape: [Int]) -> (Double, Double) {
    let count = Double(shape.reduce(1, *))
    guard shape.count >= 2 else { return (count, count) }
    return (count / Double(max(1, shape[0])), count / Double(max(1, shape[1])))
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(WeightsInitialize.op, $0) }
