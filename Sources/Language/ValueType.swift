import Tensors

/// The type of a value on an edge of a graph. Parsed from and printed as the text of format 1,
/// `tensor<f32>[1,3,H,W] rgb 0..1`.
public indirect enum ValueType: Sendable, Hashable {
  case tensor(TensorType)
  case image(ImageType)
  /// A list of any length whose elements have one type.
  case list(ValueType)
  /// A list whose length and element types are known one by one; prints as a list.
  case tuple([ValueType])
  case optional(ValueType)
  case stream(ValueType)
  /// A type without inner structure, by name: `bool`, `int`, `number`, `string`, `file`, `folder`, `table`, `weights`,
  /// `model`, and records such as `box` and `face`.
  case named(String)
  /// Accepts everything.
  case any

  public static let bool = ValueType.named("bool")
  public static let int = ValueType.named("int")
  public static let number = ValueType.named("number")
  public static let string = ValueType.named("string")
  public static let file = ValueType.named("file")
  public static let folder = ValueType.named("folder")
  public static let table = ValueType.named("table")
  public static let weights = ValueType.named("weights")

  /// The names `named` may hold; `float` and `boolean` are read as `number` and `bool`.
  public static let names: Set<String> = [
    "bool", "int", "number", "string", "file", "folder", "table", "weights", "model", "box", "face", "point", "record",
    "gallery", "literal",
  ]

  /// A float32 tensor, the common case.
  public static func f32(_ shape: [Dim]?, _ meaning: Meaning = Meaning()) -> ValueType {
    .tensor(TensorType(dtype: .f32, shape: shape, meaning: meaning))
  }

  public var tensor: TensorType? {
    if case .tensor(let type) = self { return type }
    return nil
  }
}

/// What the numbers of a picture-like tensor mean. Absent parts are unknown and fit everything.
public struct Meaning: Sendable, Hashable {
  /// Channel order: `rgb`, `bgr`, `grey`, `yuv`…
  public var colour: String?
  /// Axis names: `NCHW`, `NHWC`, `CHW`, `HWC`.
  public var layout: String?
  /// Value range: `0..1`, `0..255`, `-1..1`, or a named normalisation such as `imagenet` or `caffe`.
  public var range: String?

  public init(colour: String? = nil, layout: String? = nil, range: String? = nil) {
    self.colour = colour
    self.layout = layout
    self.range = range
  }

  static let colours: Set<String> = ["rgb", "bgr", "grey", "yuv", "ycbcr", "hsv", "lab"]
  static let layouts: Set<String> = ["NCHW", "NHWC", "CHW", "HWC"]
  static let ranges: Set<String> = ["imagenet", "caffe", "normalised"]
}

public struct TensorType: Sendable, Hashable {
  /// nil: any element type.
  public var dtype: DType?
  /// nil: any rank.
  public var shape: [Dim]?
  public var meaning: Meaning

  public init(dtype: DType?, shape: [Dim]?, meaning: Meaning = Meaning()) {
    self.dtype = dtype
    self.shape = shape
    self.meaning = meaning
  }

  /// Dtype and extents when all are known.
  public var concrete: (dtype: DType, shape: [Int])? {
    guard let dtype, let shape else { return nil }
    var extents: [Int] = []
    for dim in shape {
      guard let value = dim.value else { return nil }
      extents.append(value)
    }
    return (dtype, extents)
  }
}

public struct ImageType: Sendable, Hashable {
  /// nil: any format.
  public var format: PixelFormat?
  public var height: Dim
  public var width: Dim

  public init(format: PixelFormat?, height: Dim, width: Dim) {
    self.format = format
    self.height = height
    self.width = width
  }
}

extension ImageType {
  /// `[H,W]`, or nothing where nothing is said of either.
  fileprivate var size: String {
    height.soleSymbol == "?H" && width.soleSymbol == "?W" ? "" : "[\(height),\(width)]"
  }
}

extension ValueType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tensor(let type): type.description
    case .image(let type): "image\(type.format.map { "<\($0.rawValue)>" } ?? "")\(type.size)"
    case .list(let element): "list<\(element)>"
    case .tuple(let elements): "list<" + elements.map(\.description).joined(separator: "; ") + ">"
    case .optional(let inner): "\(inner)?"
    case .stream(let inner): "stream<\(inner)>"
    case .named(let name): name
    case .any: "any"
    }
  }
}

extension ValueType {
  /// The type for messages, long lists cut short.
  public var summary: String {
    guard case .tuple(let items) = self, items.count > 1 else { return description }
    return "a list of \(items.count) (\(items[0]), …)"
  }
}

extension TensorType: CustomStringConvertible {
  public var description: String {
    var text = "tensor\(dtype.map { "<\($0.rawValue)>" } ?? "")"
    if let shape { text += "[" + shape.map(\.description).joined(separator: ",") + "]" }
    for part in [meaning.colour, meaning.layout, meaning.range] { if let part { text += " " + part } }
    return text
  }
}

extension ValueType {
  /// The memory of a value of this type once every extent is known: a tensor, or a picture as u8/u16 [H, W, C].
  public var concrete: (dtype: DType, shape: [Int])? {
    switch self {
    case .tensor(let type): return type.concrete
    case .image(let type):
      guard let format = type.format, let height = type.height.value, let width = type.width.value else { return nil }
      return (format.dtype, [height, width, format.channels])
    default: return nil
    }
  }

  /// The type with symbols replaced by their bindings.
  public func substituting(_ bindings: [String: Dim]) -> ValueType {
    switch self {
    case .tensor(var type):
      type.shape = type.shape?.map { $0.substituting(bindings) }
      return .tensor(type)
    case .image(var type):
      type.height = type.height.substituting(bindings)
      type.width = type.width.substituting(bindings)
      return .image(type)
    case .list(let element): return .list(element.substituting(bindings))
    case .tuple(let elements): return .tuple(elements.map { $0.substituting(bindings) })
    case .optional(let inner): return .optional(inner.substituting(bindings))
    case .stream(let inner): return .stream(inner.substituting(bindings))
    case .named, .any: return self
    }
  }
}
