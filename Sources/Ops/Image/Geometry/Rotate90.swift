import Kernels
import Language
import Tensors

/// Pictures turned by quarters.
public enum Rotate90 {
  public static let op: Op = Op(
    "image.rotate90", doc: "Turns a picture counterclockwise by quarter turns.", inputs: [Port("image", "image")],
    outputs: [Port("image", "image")],
    params: [Param("turns", .int(.all), default: .int(1), "Quarter turns; negative ones are clockwise.")],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let isOdd = facts.attributes.int("turns") % 2 != 0
      return [
        .image(
          ImageType(
            format: image.format, height: isOdd ? image.width : image.height,
            width: isOdd ? image.height : image.width))
      ]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let (height, width, channels) = (site.operand(0).shape[0], site.operand(0).shape[1], site.result.shape[2])
        let line = width * channels
        let turns = (site.attributes.int("turns") % 4 + 4) % 4
        // Strides of the source along the rows and columns of the result, and where its first pixel lies.
        let (down, across, first) =
          switch turns {
          case 1: (-channels, line, (width - 1) * channels)
          case 2: (-line, -channels, (height - 1) * line + (width - 1) * channels)
          case 3: (channels, -line, (height - 1) * line)
          default: (line, channels, 0)
          }
        let size = site.result.dtype.size
        let copy = StridedCopy(
          shape: site.result.shape, source: [down, across, 1], target: StridedCopy.dense(site.result.shape),
          elementSize: size)
        let chunking = Chunking(count: copy.rowCount, unitCost: 4 * (copy.shape.last ?? 1))
        return [
          Choice("turn", chunks: chunking.chunks) { call in
            copy.run(rows: chunking.range(call.chunk), x: call.operands[0] + first * size, y: call.results[0])
          }
        ]
      })))
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Rotate90.op, $0) }
