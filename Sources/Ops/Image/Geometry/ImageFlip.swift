import Language

/// Pictures mirrored and turned.
public enum ImageFlip {
  public static let op: Op = Op(
    "image.flip", doc: "Mirrors a picture left to right (horizontal) or top to bottom (vertical).",
    inputs: [Port("image", "image")], outputs: [Port("image", "image")],
    params: [
      Param("direction", .choice(["horizontal", "vertical", "both"]), default: .string("horizontal"), "Which way.")
    ],
    infer: { facts throws(Fault) in [.image(facts.image("image"))] },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let shape = site.result.shape
        let direction = site.attributes.string("direction")
        let rows = shape[0].places(from: 0)
        let columns = shape[1].places(from: 0)
        return [
          PixelMap(
            rows: direction == "horizontal" ? rows : rows.reversed(),
            columns: direction == "vertical" ? columns : columns.reversed()
          ).choice("flip", site)
        ]
      })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ImageFlip.op, $0) }
