import Images
import Language
import Tensors

/// The part of a picture that a map points at.
public enum Focus {
  public static let op = Op(
    "image.focus",
    doc: """
      Cuts a picture to the smallest rectangle that holds every place where the map [1, C, H, W] of the same size is \
      larger than threshold times its largest number, in size: the patch that an activation saw. Where the map is 0 \
      everywhere the picture stays whole.
      """,
    inputs: [Port("image", "image"), Port("map", "tensor<f32>", .one, "[1, C, H, W]")],
    outputs: [Port("image", "image")],
    params: [Param("threshold", .number(0...1), default: .float(0), "share of the largest number")],
    infer: { facts throws(Fault) in
      [.image(ImageType(format: facts.image("image").format, height: .symbol("?h"), width: .symbol("?w")))]
    },
    action: .host(
      Host { call throws(Fault) in
        let (image, map) = (try call.image("image"), try call.tensor("map"))
        guard map.rank == 4, map.shape[2] == image.height, map.shape[3] == image.width else {
          throw .failed("the map is \(map.shape), the picture \(image.height)×\(image.width)")
        }
        let numbers = map.numbers
        let limit = (numbers.map { abs($0) }.max() ?? 0) * call.attributes.number("threshold")
        var (top, bottom, left, right) = (image.height, -1, image.width, -1)
        for (index, value) in numbers.enumerated() where abs(value) > limit {
          let (row, column) = (index / image.width % image.height, index % image.width)
          (top, bottom) = (min(top, row), max(bottom, row))
          (left, right) = (min(left, column), max(right, column))
        }
        guard bottom >= top else { return [.image(image)] }
        let size = image.format.channels * (image.format.bits / 8)
        let (rows, columns) = (bottom - top + 1, right - left + 1)
        let source = image.pixels.bytes
        let buffer = Buffer(byteCount: rows * columns * size)
        for row in 0..<rows {
          (buffer.bytes + row * columns * size).copyMemory(
            from: source.baseAddress! + ((top + row) * image.width + left) * size, byteCount: columns * size)
        }
        let pixels = Tensor(
          dtype: image.pixels.dtype, shape: [rows, columns, image.format.channels], buffer: buffer)
        return [.image(Image(format: image.format, pixels: pixels))]
      }))
}

@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Focus.op, $0) }
