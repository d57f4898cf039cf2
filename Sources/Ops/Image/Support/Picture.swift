import Language
import Tensors

/// Where the axes of a picture-like tensor are.
///
/// A kernel sees extents but not what a type says of them, so the layout must show in the extents: the channel axis is
/// the first of [C, H, W] when it has 1, 3 or 4 elements, else the last. Where that reading and the type's layout
/// differ, the shape rule asks for the param `layout`.
enum Picture {
  static let layoutParam = Param(
    "layout", .choice(["auto", "NCHW", "NHWC", "CHW", "HWC"]), default: .string("auto"),
    "Axis order of x; auto reads it from the type and the extents.")

  static let rangeParam = Param(
    "range", .numbers(.all, counts: [2]), default: .array([.float(0), .float(1)]),
    "Values of black and white in x.")

  /// Pictures of rank 4 have their items along the leading dimension.
  static let batchRule = BatchRule { $0.hasStackedFirst && $0.rank == 4 ? $0.attributes : nil }

  /// The index of the channel axis in a shape of rank 3 or 4.
  static func channelAxis(_ shape: [Dim], _ attributes: Attributes, _ port: String = "x") throws(Fault) -> Int {
    guard shape.count == 3 || shape.count == 4 else { throw .pictureRank(port, shape.count) }
    let layout = attributes.string("layout")
    guard layout == "auto" else {
      guard layout.utf8.count == shape.count else { throw .layoutRank(layout, shape.count) }
      return axis(of: layout)
    }
    let first = shape.count - 3
    let last = shape.count - 1
    func isChannels(_ axis: Int) -> Bool { shape[axis].value.map { $0 == 1 || $0 == 3 || $0 == 4 } ?? false }
    return !isChannels(first) && isChannels(last) ? last : first
  }

  /// The same with the type's own layout checked against it.
  static func channelAxis(_ type: TensorType, _ attributes: Attributes, _ port: String = "x") throws(Fault) -> Int? {
    guard let shape = type.shape else { return nil }
    let found = try channelAxis(shape, attributes, port)
    if let layout = type.meaning.layout, layout.utf8.count == shape.count, axis(of: layout) != found {
      throw .layoutNotVisible(port, layout)
    }
    return found
  }

  static func channelAxis(_ shape: [Int], _ attributes: Attributes) throws(Fault) -> Int {
    try channelAxis(shape.map { Dim($0) }, attributes)
  }

  private static func axis(of layout: String) -> Int {
    layout.hasSuffix("C") ? layout.utf8.count - 1 : layout.utf8.count - 3
  }

  /// `0..1`, `0..255`, `-1..1`: how a type writes a range.
  static func text(_ range: [Double]) -> String {
    func number(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
    }
    return "\(number(range[0]))..\(number(range[1]))"
  }

  /// Complains where the type knows of another range than the param says.
  static func checkRange(_ type: TensorType, _ attributes: Attributes, _ port: String = "x") throws(Fault) {
    let wanted = text(attributes.numbers("range"))
    if let have = type.meaning.range, have != wanted { throw .otherRange(port, have, wanted) }
  }

  static func colour(channels: Int?) -> String? {
    switch channels {
    case 1: "grey"
    case 3: "rgb"
    default: nil
    }
  }

  static func format(channels: Int, bits: Int) -> PixelFormat? {
    PixelFormat(channels: channels, dtype: bits == 8 ? .u8 : .u16)
  }
}

extension Literal {
  static func ints(_ values: [Int]) -> Literal { .array(values.map { .int($0) }) }
  static func numbers(_ values: [Double]) -> Literal { .array(values.map { .float($0) }) }
}
