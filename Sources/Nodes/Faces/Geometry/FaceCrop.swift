import Images
import Language
import Tensors

/// Where the pixels of a crop about a box lie in the photo.
public enum FaceCrop {
  public static let op = Op(
    "face.crop",
    doc: """
      The map of a crop about a face's box, not turned; image.warp with inverse: true cuts it out. The box grows by scale \
      about its centre, then by margins (shares of the box on the left, top, right and bottom), and becomes a square of \
      its longer side unless stretch is set. InsightFace's landmark and attribute networks take scale 1.5; CompreFace's \
      FaceNet margins [0.2126, 0.1053, 0.2231, 0.0987] with stretch.
      """,
    inputs: [Port("face", "face")],
    outputs: [Port("matrix", "tensor<f32>[2,3]", .one, "From the crop's pixels to the photo's.")],
    params: [
      Param("size", .int(1...8192), default: .int(112), "side of the crop, in pixels"),
      Param("scale", .number(0.01...100), default: .float(1), "how much larger than the box"),
      Param("margins", .numbers(-0.49...10, counts: [4]), default: .float(0), "left, top, right, bottom"),
      Param("stretch", .bool, default: .bool(false), "whether a box that is no square fills the crop"),
      Param(
        "pixels", .choice(["corners", "centres", "whole"]), default: .string("corners"),
        "corners: pixel 0 of the crop is the corner of the box (InsightFace); centres: as a cut and a resize would have "
          + "it; whole: the same, the corners cut to whole pixels first"),
    ],
    infer: { _ throws(Fault) in [.f32([2, 3])] },
    action: .host(
      Host(isCheap: true) { call throws(Fault) in
        let box = try call.face("face").box
        let attributes = call.attributes
        let size = attributes.int("size")
        guard box.width > 0, box.height > 0, box.width.isFinite, box.height.isFinite else {
          throw .flatBox(box.width, box.height)
        }
        let grown = box.grown(
          scale: attributes.number("scale"), margins: attributes.numbers("margins", count: 4),
          isSquare: !attributes.bool("stretch"))
        switch attributes.string("pixels") {
        case "corners":
          let (x, y) = (grown.width / Double(size), grown.height / Double(size))
          return [.tensor(Affine(x, 0, grown.x1, 0, y, grown.y1).tensor)]
        case "whole":
          func cut(_ value: Double) -> Double { value.rounded(.towardZero) }
          let whole = Box(x1: cut(grown.x1), y1: cut(grown.y1), x2: cut(grown.x2), y2: cut(grown.y2))
          return [.tensor(try stretched(whole, size: size).tensor)]
        default: return [.tensor(try stretched(grown, size: size).tensor)]
        }
      }))

  /// The map of a box stretched over a square as a resize would have it: pixel centres on pixel centres.
  static func stretched(_ box: Box, size: Int) throws(Fault) -> Affine {
    guard box.width > 0, box.height > 0 else { throw .flatBox(box.width, box.height) }
    let (x, y) = (box.width / Double(size), box.height / Double(size))
    return Affine(x, 0, box.x1 + x / 2 - 0.5, 0, y, box.y1 + y / 2 - 0.5)
  }
}

extension Box {
  func grown(scale: Double, margins: [Double], isSquare: Bool) -> Box {
    var (width, height) = (self.width, self.height)
    if isSquare { (width, height) = (max(width, height), max(width, height)) }
    let (x, y) = (width * scale / 2, height * scale / 2)
    return Box(
      x1: centre.x - x - margins[0] * width, y1: centre.y - y - margins[1] * height,
      x2: centre.x + x + margins[2] * width, y2: centre.y + y + margins[3] * height)
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(FaceCrop.op, $0) }
