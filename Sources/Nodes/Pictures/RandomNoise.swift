import Language
import Tensors

/// A tensor of random numbers.
public enum TensorNoise {
  public static let op = Op(
    "tensor.noise",
    doc: """
      Random numbers from the run's seed: uniform on [low, high), normal, or truncated_normal (drawn again beyond two \
      deviations). The extents, and the meaning of the numbers, are those of "like", or else the param "shape".
      """,
    inputs: [Port("like", "tensor<f32>", .optional, "gives the extents")], outputs: [Port("x", "tensor<f32>")],
    params: [
      Param("shape", .ints(.natural, counts: []), default: .null, "extents, where nothing is connected"),
      Param(
        "distribution", .choice(["uniform", "normal", "truncated_normal"]), default: .string("uniform"),
        "how the numbers are spread"),
      Param("low", .number(.all), default: .float(0), "of uniform"),
      Param("high", .number(.all), default: .float(1), "of uniform"),
      Param("mean", .number(.all), default: .float(0), "of the normal ones"),
      Param("deviation", .number(.natural), default: .float(1), "of the normal ones"),
    ],
    isRandom: true,
    infer: { facts throws(Fault) in
      guard facts.isConnected("like") != facts.attributes.has("shape") else {
        throw .params("tensor.noise takes its extents either from the port \"like\" or from the param \"shape\"")
      }
      guard facts.attributes.number("low") <= facts.attributes.number("high") else {
        throw .params("param \"low\" must be at most \"high\"")
      }
      return [facts.isConnected("like") ? facts.type("like") : .f32(facts.attributes.ints("shape").map { Dim($0) })]
    },
    action: .host(
      Host { call throws(Fault) in
        let shape = call.value("like") == nil ? call.attributes.ints("shape") : try call.tensor("like").shape
        let random = RandomNumbers(seed: call.seed)
        let (mean, deviation) = (call.attributes.number("mean"), call.attributes.number("deviation"))
        switch call.attributes.string("distribution") {
        case "normal": return [.tensor(random.normal(shape, mean: mean, deviation: deviation))]
        case "truncated_normal": return [.tensor(random.truncatedNormal(shape, mean: mean, deviation: deviation))]
        default:
          return [.tensor(random.uniform(shape, call.attributes.number("low"), call.attributes.number("high")))]
        }
      }))
}

/// A picture of random numbers.
public enum ImageNoise {
  public static let op = Op(
    "image.noise",
    doc: "Every sample random from the run's seed, uniform on 0..255; as large as \"like\", or else width and height.",
    inputs: [Port("like", "image[H,W]", .optional, "gives the size")], outputs: [Port("image", "image<rgb8>[H,W]")],
    params: [
      Param("width", .int(1...16384), default: .int(512), "where nothing is connected"),
      Param("height", .int(1...16384), default: .int(512), "where nothing is connected"),
    ],
    isRandom: true,
    infer: { facts throws(Fault) in
      let like = facts.image("like")
      return [
        .image(
          facts.isConnected("like")
            ? ImageType(format: .rgb8, height: like.height, width: like.width)
            : ImageType(
              format: .rgb8, height: Dim(facts.attributes.int("height")), width: Dim(facts.attributes.int("width"))))
      ]
    },
    action: .host(
      Host { call throws(Fault) in
        var (height, width) = (call.attributes.int("height"), call.attributes.int("width"))
        if call.value("like") != nil {
          let like = try call.image("like")
          (height, width) = (like.height, like.width)
        }
        let numbers = RandomNumbers(seed: call.seed).uniform([height, width, 3], 0, 256)
        let pixels = numbers.withElements(Float.self) { source in
          Tensor(UInt8.self, shape: numbers.shape) { target in
            for index in source.indices { target[index] = UInt8(min(255, source[index])) }
          }
        }
        return [.image(Image(format: .rgb8, pixels: pixels))]
      }))
}

@used @section("weft_ops") private let tensorEntry: OpEntry = { Registry.collect(TensorNoise.op, $0) }
@used @section("weft_ops") private let imageEntry: OpEntry = { Registry.collect(ImageNoise.op, $0) }
