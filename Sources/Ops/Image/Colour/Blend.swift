import Language
import Tensors

/// Two pictures laid over one another.
public enum Blend {
  public static let op: Op = Op(
    "image.blend", doc: "Mixes two pictures of one format and size: (1 - alpha) · a + alpha · b, rounded.",
    inputs: [Port("a", "image[H,W]"), Port("b", "image[H,W]", .one, "As large as a.")],
    outputs: [Port("image", "image")],
    params: [Param("alpha", .number(.unit), default: .float(0.5), "How much of b.")],
    infer: { facts throws(Fault) in
      let (a, b) = (facts.image("a"), facts.image("b"))
      if let first = a.format, let second = b.format, first != second {
        throw .type("a is \(first.rawValue) and b is \(second.rawValue); they must have the same pixel format")
      }
      return [
        .image(
          ImageType(
            format: a.format ?? b.format, height: a.height.value == nil ? b.height : a.height,
            width: a.width.value == nil ? b.width : a.width))
      ]
    },
    action: .numeric(
      Numeric(select: { site throws(Fault) in
        let alpha = Float(site.attributes.number("alpha"))
        let isBytes = site.result.dtype == .u8
        let chunking = Chunking(count: site.result.count, unitCost: 4)
        return [
          Choice(
            "mix", operations: 3 * Double(site.result.count), chunks: chunking.chunks, inPlace: [(0, 0), (1, 0)]
          ) { call in
            let range = chunking.range(call.chunk)
            if isBytes { mix(UInt8.self, call, range, alpha) } else { mix(UInt16.self, call, range, alpha) }
          }
        ]
      })))

  private static func mix<T: Resampled>(_ type: T.Type, _ call: KernelCall, _ range: Range<Int>, _ alpha: Float) {
    let a = call.operands[0].assumingMemoryBound(to: T.self)
    let b = call.operands[1].assumingMemoryBound(to: T.self)
    let y = call.results[0].assumingMemoryBound(to: T.self)
    for index in range { y[index] = T.from(a[index].resampled + (b[index].resampled - a[index].resampled) * alpha) }
  }
}
@used @section("weft_ops") private let entry: OpEntry = { Registry.collect(Blend.op, $0) }
