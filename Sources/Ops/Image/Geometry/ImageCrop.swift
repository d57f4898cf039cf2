import Language

/// A rectangle of a picture.
public enum ImageCrop {
  public static let op: Op = Op(
    "image.crop", doc: "Cuts a rectangle out of a picture.", inputs: [Port("image", "image")],
    outputs: [Port("image", "image", .one, "height × width.")],
    params: [
      Param("top", .int(.natural), default: .int(0), "The first row."),
      Param("left", .int(.natural), default: .int(0), "The first column."),
      Param("height", .int(.positive), "Rows."), Param("width", .int(.positive), "Columns."),
    ],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let attributes = facts.attributes
      for (first, count, extent) in [("top", "height", image.height), ("left", "width", image.width)] {
        let end = attributes.int(first) + attributes.int(count)
        if let value = extent.value, end > value {
          throw .notWithin("\(first) + \(count)", end, "the \(count)", extent)
        }
      }
      return [
        .image(
          ImageType(format: image.format, height: Dim(attributes.int("height")), width: Dim(attributes.int("width"))))
      ]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (top, left) = (site.attributes.int("top"), site.attributes.int("left"))
        return [
          PixelMap(rows: site.result.shape[0].places(from: top), columns: site.result.shape[1].places(from: left))
            .choice("crop", site)
        ]
      })))

  /// The middle of a picture.
  public static let centre: Op = Op(
    "image.centre_crop",
    doc: "Cuts a rectangle out of the middle of a picture; an odd rest leaves one more at the end.",
    inputs: [Port("image", "image")], outputs: [Port("image", "image", .one, "height × width.")],
    params: [
      Param("height", .int(.positive), default: .null, "Rows; as width, or with neither the shorter side."),
      Param("width", .int(.positive), default: .null, "Columns; as height, or with neither the shorter side."),
    ],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let attributes = facts.attributes
      let given = [attributes["height"], attributes["width"]].map { value -> Int? in
        if case .int(let size)? = value { size } else { nil }
      }
      var sides: [Dim] = [given[0] ?? given[1], given[1] ?? given[0]].map { $0.map { Dim($0) } ?? .symbol("?side") }
      if given == [nil, nil], let height = image.height.value, let width = image.width.value {
        sides = [Dim(min(height, width)), Dim(min(height, width))]
      }
      for (name, side, extent) in [("height", sides[0], image.height), ("width", sides[1], image.width)] {
        if let size = side.value, let value = extent.value, size > value {
          throw .notWithin(name, size, "the \(name)", extent)
        }
      }
      return [.image(ImageType(format: image.format, height: sides[0], width: sides[1]))]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (from, to) = (site.operand(0).shape, site.result.shape)
        return [
          PixelMap(
            rows: to[0].places(from: (from[0] - to[0]) / 2), columns: to[1].places(from: (from[1] - to[1]) / 2)
          ).choice("crop", site)
        ]
      })))
}

extension Int {
  /// `first`, `first + 1`…, this many.
  func places(from first: Int) -> [Int] { Array(first..<first + self) }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ImageCrop.op, $0) }
@used @section("weft_ops") private let centreEntry: OpEntry = { Registry.collect(ImageCrop.centre, $0) }
