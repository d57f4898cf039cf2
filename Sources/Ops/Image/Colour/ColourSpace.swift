import Kernels
import Language

/// RGB pictures as brightness and colour, and back.
public enum ColourSpace {
  public static let op: Op = make(
    "image.rgb_to",
    "Takes an RGB tensor apart into brightness (the first channel) and colour: yiq (NTSC), yuv (BT.601) or ycbcr "
      + "(JPEG; Cb and Cr about 0).", isInverse: false)

  public static let inverse: Op = make("image.to_rgb", "Undoes image.rgb_to with the same space.", isInverse: true)

  /// The map with rows and columns exchanged: the gradient of either.
  static let transposed: Op = Op(
    "image.colour_adjoint", doc: "The gradient of image.rgb_to and image.to_rgb.", inputs: [Port("x", "tensor<f32>")],
    outputs: [Port("y", "tensor<f32>")],
    params: [space, Param("inverse", .bool, "Whether of image.to_rgb.")], isInternal: true,
    infer: { facts throws(Fault) in [.f32(facts.tensor("x").shape)] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        [choice(site, matrix(site.attributes, isInverse: site.attributes.bool("inverse")).transposed)]
      })))

  private static let space = Param(
    "space", .choice(["yiq", "yuv", "ycbcr"]), default: .string("yiq"), "Which colours.")

  private static func make(_ name: String, _ doc: String, isInverse: Bool) -> Op {
    Op(
      name, doc: doc, inputs: [Port("x", "tensor<f32>", .one, "[3, H, W] or [N, 3, H, W].")],
      outputs: [Port("y", "tensor<f32>", .one, "The shape of x.")], params: [space],
      infer: { facts throws(Fault) in
        let type = facts.tensor("x")
        let space = facts.attributes.string("space")
        let name = space == "yiq" ? nil : space
        if let colour = type.meaning.colour, let want = isInverse ? name : "rgb", colour != want {
          throw .otherColour("x", colour, want)
        }
        if let layout = type.meaning.layout, layout.hasSuffix("C") {
          throw Fault("layout", "axis layout: x is \(layout) where channels come before rows")
        }
        if let shape = type.shape {
          guard shape.count == 3 || shape.count == 4 else { throw .pictureRank("x", shape.count) }
          let channels = shape[shape.count - 3]
          if channels.compare(3) == .different { throw .pictureChannels("x", channels, "3") }
        }
        return [.f32(type.shape, Meaning(colour: isInverse ? "rgb" : name, layout: type.meaning.layout))]
      },
      action: .numeric(
        Numeric(
          gradient: { (emitter, adjoint) throws(Fault) in
            let attributes = ["space": adjoint.attributes["space"]!, "inverse": Literal.bool(isInverse)]
            return [try emitter.emit(transposed, [[adjoint.cotangent]], attributes)[0]]
          },
          select: { site throws(Fault) in [choice(site, matrix(site.attributes, isInverse: isInverse))] })))
  }

  private static func matrix(_ attributes: Attributes, isInverse: Bool) -> ColourMatrix {
    let forward: ColourMatrix =
      switch attributes.string("space") {
      case "yiq": .rgbToYIQ
      case "yuv": .rgbToYUV
      default: .rgbToYCbCr(centre: 0)
      }
    return isInverse ? forward.inverse : forward
  }

  private static func choice(_ site: Site, _ matrix: ColourMatrix) -> Choice {
    let shape = site.result.shape
    let area = shape.suffix(2).reduce(1, *)
    let batch = shape.count == 4 ? shape[0] : 1
    let chunking = Chunking(count: area, unitCost: 18)
    return Choice(
      "matrix", operations: 18 * Double(area * batch), chunks: max(1, batch * chunking.chunks), inPlace: [(0, 0)]
    ) { call in
      guard batch > 0 else { return }
      let place = call.chunk / chunking.chunks * 3 * area
      matrix.apply(
        pixels: chunking.range(call.chunk % chunking.chunks), area: area, x: call.input(0) + place,
        y: call.output() + place)
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ColourSpace.op, $0) }
@used @section("weft_ops") private let inverseEntry: OpEntry = { Registry.collect(ColourSpace.inverse, $0) }
@used @section("weft_ops") private let transposedEntry: OpEntry = { Registry.collect(ColourSpace.transposed, $0) }
