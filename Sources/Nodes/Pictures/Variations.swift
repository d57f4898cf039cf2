import Glibc
import Images
import Kernels
import Language
import Tensors

/// Copies of a picture, scaled and turned.
public enum Variations {
  public static let op = Op(
    "image.variations",
    doc: """
      Copies of a picture at every scale and every angle (degrees, counterclockwise), scales first. A turned copy keeps \
      the picture's size; its corners, which would lie outside, repeat the nearest pixel. Style banks are made of such \
      copies (Li and Wand 2016).
      """,
    inputs: [Port("image", "image[H,W]")], outputs: [Port("images", "list<image>")],
    params: [
      Param("scales", .numbers(0.05...20, counts: []), default: .float(1), "sizes as shares of the picture's"),
      Param("angles", .numbers(-360...360, counts: []), default: .float(0), "turns about the middle"),
    ],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      var types: [ValueType] = []
      for scale in facts.attributes.numbers("scales") {
        for _ in facts.attributes.numbers("angles") {
          types.append(
            .image(
              scale == 1
                ? image : ImageType(format: image.format, height: .symbol("?h"), width: .symbol("?w"))))
        }
      }
      guard !types.isEmpty else { throw .params("there are no scales or no angles: no copies") }
      return [.tuple(types)]
    },
    action: .host(
      Host { call throws(Fault) in
        let image = try call.image("image")
        var copies: [Value] = []
        for scale in call.attributes.numbers("scales") {
          for angle in call.attributes.numbers("angles") {
            copies.append(.image(scale == 1 && angle == 0 ? image : turned(image, scale: scale, angle: angle)))
          }
        }
        return [.list(copies)]
      }))

  /// Bilinear; positions outside are moved to the border.
  private static func turned(_ image: Image, scale: Double, angle: Double) -> Image {
    let source = ColourSamples(image)
    let height = max(1, Int(Double(source.height) * scale)), width = max(1, Int(Double(source.width) * scale))
    var result = ColourSamples(Image(format: source.format, pixels: blank(height, width, source.format)))
    let radians = angle * .pi / 180
    let (c, s) = (cos(radians), sin(radians))
    for row in 0..<height {
      for column in 0..<width {
        let (x, y) = (Double(column) + 0.5 - Double(width) / 2, Double(row) + 0.5 - Double(height) / 2)
        let u = (c * x - s * y) / scale + Double(source.width) / 2 - 0.5
        let v = (s * x + c * y) / scale + Double(source.height) / 2 - 0.5
        let (p, q) = (min(max(u, 0), Double(source.width - 1)), min(max(v, 0), Double(source.height - 1)))
        let (left, top) = (Int(p), Int(q))
        let (right, bottom) = (min(left + 1, source.width - 1), min(top + 1, source.height - 1))
        let (fx, fy) = (p - Double(left), q - Double(top))
        for channel in 0..<3 {
          func at(_ row: Int, _ column: Int) -> Double { source.values[3 * (row * source.width + column) + channel] }
          let upper = at(top, left) * (1 - fx) + at(top, right) * fx
          let lower = at(bottom, left) * (1 - fx) + at(bottom, right) * fx
          result.values[3 * (row * width + column) + channel] = upper * (1 - fy) + lower * fy
        }
      }
    }
    return result.image
  }

  private static func blank(_ height: Int, _ width: Int, _ format: PixelFormat) -> Tensor {
    let count = height * width * 3
    return format.bits == 8
      ? Tensor(shape: [height, width, 3], Array(repeating: UInt8(0), count: count))
      : Tensor(shape: [height, width, 3], Array(repeating: UInt16(0), count: count))
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Variations.op, $0) }
