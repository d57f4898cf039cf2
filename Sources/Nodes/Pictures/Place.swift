import Images
import Language
import Tensors

/// Puts a part back into the picture it was cut from.
public enum Place {
  public static let op = Op(
    "image.place",
    doc: """
      The picture with a part laid over it where an affine map puts it: pixel (x, y) of the part, shifted by left and \
      top, lies at matrix · (x + left, y + top, 1), as face.align and face.crop give it. Bilinear; towards its border the \
      part fades over feather of its shorter side (a smooth step), or ends hard with 0.
      """,
    inputs: [
      Port("image", "image<rgb8>[H,W]", .one, "what is painted on"),
      Port("part", "image<rgb8>", .one, "what is laid over it"),
      Port("matrix", "tensor<f32>[2,3]", .one, "from the part's pixels to the picture's"),
    ],
    outputs: [Port("image", "image<rgb8>[H,W]")],
    params: [
      Param("left", .number(.all), default: .float(0), "column of the part's first pixel in front of the map"),
      Param("top", .number(.all), default: .float(0), "row of the part's first pixel in front of the map"),
      Param("feather", .number(0...0.5), default: .float(0.25), "share of the shorter side over which it fades in"),
    ],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      return [.image(ImageType(format: .rgb8, height: image.height, width: image.width))]
    },
    action: .host(
      Host { call throws(Fault) in
        let (image, part) = (try call.image("image"), try call.image("part"))
        let matrix = try call.tensor("matrix").elements(Float.self).map(Double.init)
        let determinant = matrix[0] * matrix[4] - matrix[1] * matrix[3]
        guard determinant != 0, determinant.isFinite else { throw .flatMap(matrix) }
        let spot = Spot(
          matrix: matrix, determinant: determinant, left: call.attributes.number("left"),
          top: call.attributes.number("top"), height: part.height, width: part.width,
          border: call.attributes.number("feather") * Double(min(part.height, part.width)))
        var pixels = image.pixels.elements(UInt8.self)
        part.pixels.withElements(UInt8.self) { source in
          for row in 0..<image.height {
            for column in 0..<image.width {
              guard let (x, y) = spot.place(column, row) else { continue }
              let share = spot.share(x, y)
              guard share > 0 else { continue }
              for channel in 0..<3 {
                let index = (row * image.width + column) * 3 + channel
                let old = Double(pixels[index])
                pixels[index] = UInt8((old + share * (spot.sample(source, x, y, channel) - old)).rounded())
              }
            }
          }
        }
        return [.image(Image(format: .rgb8, pixels: Tensor(shape: image.pixels.shape, pixels)))]
      }))

  /// Where a part lies.
  private struct Spot {
    let matrix: [Double]
    let determinant: Double
    let left: Double
    let top: Double
    let height: Int
    let width: Int
    /// Pixels of the part over which it fades in.
    let border: Double

    /// The place in the part under a pixel of the picture; nil outside of it.
    func place(_ column: Int, _ row: Int) -> (x: Double, y: Double)? {
      let (u, v) = (Double(column) - matrix[2], Double(row) - matrix[5])
      let x = (matrix[4] * u - matrix[1] * v) / determinant - left
      let y = (matrix[0] * v - matrix[3] * u) / determinant - top
      return x >= -0.5 && y >= -0.5 && x <= Double(width) - 0.5 && y <= Double(height) - 0.5 ? (x, y) : nil
    }

    /// How much of the part counts there.
    func share(_ x: Double, _ y: Double) -> Double {
      guard border > 0 else { return 1 }
      let distance = min(min(x + 0.5, Double(width) - 0.5 - x), min(y + 0.5, Double(height) - 0.5 - y))
      let t = min(1, distance / border)
      return t * t * (3 - 2 * t)
    }

    func sample(_ source: UnsafeBufferPointer<UInt8>, _ x: Double, _ y: Double, _ channel: Int) -> Double {
      let (column, row) = (x.rounded(.down), y.rounded(.down))
      func at(_ dy: Int, _ dx: Int) -> Double {
        let r = min(height - 1, max(0, Int(row) + dy))
        let c = min(width - 1, max(0, Int(column) + dx))
        return Double(source[(r * width + c) * 3 + channel])
      }
      let (fx, fy) = (x - column, y - row)
      return (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(0, 1)) + fy * ((1 - fx) * at(1, 0) + fx * at(1, 1))
    }
  }
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Place.op, $0) }
