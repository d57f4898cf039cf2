import Images
import Language
import Tensors

/// Pictures made by arithmetic.
public enum Procedural {
  public static let op = Op(
    "image.procedural",
    doc: """
      A picture computed from its params alone: mountains (a valley with a lake), brushstrokes (a painted night sky), \
      clouds, checker, gradient (black to white) or noise.
      """,
    inputs: [], outputs: [Port("image", "image<rgb8>[H,W]")],
    params: [
      Param(
        "kind", .choice(["mountains", "brushstrokes", "clouds", "checker", "gradient", "noise"]), "what it shows"),
      Param("width", .int(1...16384), default: .int(512), "in pixels"),
      Param("height", .int(1...16384), default: .int(384), "in pixels"),
      Param("seed", .int(.natural), default: .int(1), "another seed, another picture"),
      Param("cell", .int(1...16384), default: .int(16), "of checker: pixels per square"),
      Param("direction", .choice(["across", "down"]), default: .string("across"), "of gradient"),
    ],
    infer: { facts throws(Fault) in
      [
        .image(
          ImageType(
            format: .rgb8, height: Dim(facts.attributes.int("height")), width: Dim(facts.attributes.int("width"))))
      ]
    },
    action: .host(
      Host { call throws(Fault) in
        let (width, height) = (call.attributes.int("width"), call.attributes.int("height"))
        let seed = UInt64(call.attributes.int("seed"))
        switch call.attributes.string("kind") {
        case "mountains": return [.image(Picture.mountains(width: width, height: height, seed: seed))]
        case "brushstrokes": return [.image(Picture.brushstrokes(width: width, height: height, seed: seed))]
        case "clouds": return [.image(Picture.clouds(width: width, height: height, seed: seed))]
        case "checker":
          return [.image(Picture.checker(width: width, height: height, cell: call.attributes.int("cell")))]
        case "gradient":
          let direction = Picture.Direction(rawValue: call.attributes.string("direction"))!
          return [.image(Picture.gradient(width: width, height: height, direction))]
        default: return [.image(Picture.noise(width: width, height: height, seed: seed))]
        }
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Procedural.op, $0) }
