import Language
import Tensors

/// Wording of what can be wrong with the use of an ONNX operator.
extension Fault {
  static func noTensor(_ port: String) -> Fault { .failed("input \"\(port)\" carries no tensor") }

  static func elementType(_ port: String, _ dtype: DType, _ wanted: String) -> Fault {
    .type("input \"\(port)\" holds \(dtype.rawValue), but needs \(wanted)")
  }

  static func elementTypes(_ first: String, _ a: DType, _ second: String, _ b: DType) -> Fault {
    .type("inputs \"\(first)\" and \"\(second)\" hold \(a.rawValue) and \(b.rawValue), but need the same type")
  }

  static func elementCode(_ name: String, _ code: Int) -> Fault {
    .type(
      "attribute \"\(name)\" asks for element type \(code), which is not supported; float16/32/64, bfloat16, integers of "
        + "8 to 64 bits and bool are")
  }

  static func rank(_ port: String, _ shape: [Int], _ wanted: String) -> Fault {
    .shape("input \"\(port)\" is \(shape), but needs \(wanted)")
  }

  static func extents(_ port: String, _ shape: [Int], _ wanted: [Int]) -> Fault {
    .shape("input \"\(port)\" is \(shape), but needs \(wanted)")
  }

  /// Shapes of inputs that do not go together.
  static func disagree(_ first: String, _ a: [Int], _ second: String, _ b: [Int], _ why: String) -> Fault {
    .shape("inputs \"\(first)\" \(a) and \"\(second)\" \(b) do not fit: \(why)")
  }

  static func notBroadcastable(_ a: [Int], _ b: [Int]) -> Fault { .shape("\(a) and \(b) cannot be broadcast together") }

  static func notExpandable(_ shape: [Int], _ target: [Int]) -> Fault {
    .shape("\(shape) cannot be broadcast to \(target)")
  }

  static func reshape(_ shape: [Int], _ wanted: [Int]) -> Fault { .shape("\(shape) cannot be seen as \(wanted)") }

  static func squeeze(_ axis: Int, _ shape: [Int]) -> Fault { .shape("axis \(axis) of \(shape) is not of extent 1") }

  static func split(_ sizes: [Int], _ extent: Int) -> Fault {
    .shape("an axis of \(extent) cannot be split into \(sizes)")
  }

  static func axis(_ axis: Int, _ rank: Int) -> Fault {
    .params("axis \(axis) is outside a tensor of rank \(rank)")
  }

  static func axisTwice(_ axis: Int) -> Fault { .params("axis \(axis) is named twice") }

  static func index(_ index: Int, _ extent: Int) -> Fault {
    .failed("index \(index) is outside an axis of \(extent)")
  }

  static func negativeExtent(_ shape: [Int]) -> Fault { .shape("\(shape) has a negative extent") }

  static func tooLarge(_ shape: [Int]) -> Fault {
    .shape("a tensor \(shape) would take more than \(Extents.limit >> 30) GiB")
  }

  static func notOneNumber(_ port: String, _ count: Int) -> Fault {
    .shape("input \"\(port)\" needs one number, but holds \(count)")
  }

  static func listLength(_ name: String, _ count: Int, _ wanted: Int) -> Fault {
    .params("\"\(name)\" holds \(count) numbers, but needs \(wanted)")
  }

  static func attribute(_ name: String, _ text: String) -> Fault { .params("attribute \"\(name)\": \(text)") }

  static func equation(_ text: String, _ why: String) -> Fault { .params("equation \"\(text)\": \(why)") }

  static func window(_ extent: Int, _ pads: Int, _ span: Int) -> Fault {
    .shape("a window of \(span) does not fit into an axis of \(extent) with \(pads) of padding")
  }

  /// A use that this implementation does not support, named.
  static func refused(_ what: String) -> Fault { Fault("unsupported", what) }
}
