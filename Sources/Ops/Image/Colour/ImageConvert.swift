import Language
import Tensors

/// Pictures in another pixel format.
public enum ImageConvert {
  public static let op: Op = Op(
    "image.convert",
    doc: """
      Converts to another pixel format. Grey is BT.601 luma in Pillow's fixed point; new alpha is opaque, alpha that is \
      not kept is dropped without blending; 8 bits become 16 by repeating the byte.
      """,
    inputs: [Port("image", "image", .one, "Any pixel format.")],
    outputs: [Port("image", "image", .one, "The format asked for.")],
    params: [
      Param("format", .choice(PixelFormat.allCases.map(\.rawValue)), default: .string("rgb8"), "The pixel format.")
    ],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      let format = PixelFormat(rawValue: facts.attributes.string("format"))!
      return [.image(ImageType(format: format, height: image.height, width: image.width))]
    },
    action: .numeric(
      Numeric(
        pointwise: { $0.operand(0) == $0.result ? [Pointwise(.keep)] : [] },
        select: { site throws(Fault) in [choice(site)] })))

  public static let grey: Op = Op(
    "image.to_grey", doc: "Makes a picture grey, by BT.601 luma; alpha is dropped, the bits per channel stay.",
    inputs: [Port("image", "image", .one, "Any pixel format.")],
    outputs: [Port("image", "image", .one, "grey8 or grey16.")],
    infer: { facts throws(Fault) in
      let image = facts.image("image")
      guard let format = image.format else { throw .needsFormat("image") }
      let grey: PixelFormat = format.bits == 8 ? .grey8 : .grey16
      return [.image(ImageType(format: grey, height: image.height, width: image.width))]
    },
    action: .numeric(
      Numeric(
        pointwise: { $0.operand(0) == $0.result ? [Pointwise(.keep)] : [] },
        select: { site throws(Fault) in [choice(site)] })))

  private static func choice(_ site: Site) -> Choice {
    let (from, to) = (site.operand(0), site.result)
    let chunking = Chunking(count: to.shape[0] * to.shape[1], unitCost: 16)
    return Choice("convert", operations: 4 * Double(to.count), chunks: chunking.chunks) { call in
      let range = chunking.range(call.chunk)
      let (have, want) = (from.shape[2], to.shape[2])
      switch (from.dtype, to.dtype) {
      case (.u8, .u8): each(UInt8.self, UInt8.self, call, range, have, want) { UInt8($0) }
      case (.u8, _): each(UInt8.self, UInt16.self, call, range, have, want) { UInt16($0 * 257) }
      case (_, .u8): each(UInt16.self, UInt8.self, call, range, have, want) { UInt8(($0 * 255 + 32767) / 65535) }
      default: each(UInt16.self, UInt16.self, call, range, have, want) { UInt16($0) }
      }
    }
  }

  @inline(__always)
  private static func each<T: FixedWidthInteger, U: FixedWidthInteger>(
    _ from: T.Type, _ to: U.Type, _ call: KernelCall, _ range: Range<Int>, _ have: Int, _ want: Int,
    _ scale: (UInt64) -> U
  ) {
    let x = call.operands[0].assumingMemoryBound(to: T.self)
    let y = call.results[0].assumingMemoryBound(to: U.self)
    for index in range {
      let source = x + index * have
      let target = y + index * want
      let isGrey = have < 3
      if want < 3 {
        target[0] = scale(isGrey ? UInt64(source[0]) : luma(UInt64(source[0]), UInt64(source[1]), UInt64(source[2])))
      } else {
        for channel in 0..<3 { target[channel] = scale(UInt64(source[isGrey ? 0 : channel])) }
      }
      if want % 2 == 0 { target[want - 1] = have % 2 == 0 ? scale(UInt64(source[have - 1])) : U.max }
    }
  }

  /// 0.299 R + 0.587 G + 0.114 B with 16 fractional bits, rounded (Pillow's L24).
  private static func luma(_ r: UInt64, _ g: UInt64, _ b: UInt64) -> UInt64 {
    (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(ImageConvert.op, $0) }
@used @section("weft_ops") private let greyEntry: OpEntry = { Registry.collect(ImageConvert.grey, $0) }
