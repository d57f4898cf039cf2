import Language

/// Pixels put around a picture.
public enum ImagePad {
  public static let op: Op = Op(
    "image.pad",
    doc: "Puts pixels around a picture. reflect mirrors without repeating the edge, replicate repeats the edge.",
    inputs: [Port("image", "image")], outputs: [Port("image", "image")],
    params: [
      Param("top", .int(.natural), default: .int(0), "Rows above."),
      Param("bottom", .int(.natural), default: .int(0), "Rows below."),
      Param("left", .int(.natural), default: .int(0), "Columns on the left."),
      Param("right", .int(.natural), default: .int(0), "Columns on the right."),
      Param(
        "multiple", .int(.positive), default: .int(1), "Rows and columns are added below and right up to a multiple."),
      Param("mode", .choice(["constant", "reflect", "replicate"]), default: .string("constant"), "What they show."),
      Param(
        "fill", .numbers(.natural, counts: []), default: .int(0), "constant: the pixel, one number or one by channel."),
    ],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let attributes = facts.attributes
      if attributes.string("mode") == "reflect" {
        for (side, extent) in zip(
          ["top", "bottom", "left", "right"], [image.height, image.height, image.width, image.width])
        {
          if let value = extent.value, attributes.int(side) >= value {
            throw .notWithin(side, attributes.int(side), "what can be mirrored of the side", extent)
          }
        }
      }
      let multiple = attributes.int("multiple")
      func padded(_ extent: Dim, _ first: String, _ last: String) -> Dim {
        (extent + Dim(attributes.int(first) + attributes.int(last))).dividedUp(by: multiple) * Dim(multiple)
      }
      return [
        .image(
          ImageType(
            format: image.format, height: padded(image.height, "top", "bottom"),
            width: padded(image.width, "left", "right")))
      ]
    },
    action: .numeric(
      Numeric(
        // Pads are not negative: a picture of the same size has got none.
        pointwise: { $0.operand(0) == $0.result ? [Pointwise(.keep)] : [] },
        select: { site throws(Fault) in
          let attributes = site.attributes
          let (from, to) = (site.operand(0).shape, site.result.shape)
          let mode = attributes.string("mode")
          func places(_ extent: Int, _ count: Int, _ before: Int) -> [Int] {
            (0..<count).map { source($0 - before, extent, mode) }
          }
          return [
            PixelMap(
              rows: places(from[0], to[0], attributes.int("top")),
              columns: places(from[1], to[1], attributes.int("left"))
            ).choice("pad", site, fill: attributes.numbers("fill"))
          ]
        })))

  private static func source(_ place: Int, _ extent: Int, _ mode: String) -> Int {
    if (0..<extent).contains(place) { return place }
    switch mode {
    case "reflect":
      // `multiple` may reach further than one mirror image.
      let period = max(1, 2 * (extent - 1))
      let turn = (place % period + period) % period
      return min(turn, period - turn)
    case "replicate": return min(max(place, 0), extent - 1)
    default: return -1
    }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ImagePad.op, $0) }
