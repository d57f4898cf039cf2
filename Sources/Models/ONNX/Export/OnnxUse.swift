import Language
import Tensors

/// A use of an op that is to be written as ONNX nodes: extents are numbers, operands have names.
struct OnnxUse {
  let node: Region.Node
  /// Names per port of the op.
  let operands: [[String]]
  let operandShapes: [[[Int]]]
  let resultShape: [Int]
  /// Operands that are known numbers, per port.
  let constants: [[Tensor?]]

  var attributes: Attributes { node.attributes }
  /// The first operand, its extents, and the name of the result.
  var x: String { operands[0][0] }
  var shape: [Int] { operandShapes[0][0] }
  var label: String { node.label }

  func operand(_ port: Int) -> String? { operands.indices.contains(port) ? operands[port].first : nil }

  /// An axis counted from the front.
  func axis(_ value: Int) -> Int { value < 0 ? value + shape.count : value }

  func unsupported(_ what: String) -> Fault { .noOnnxForm(label, node.op.name, what) }

  struct Sides {
    var begin: [Int]
    var end: [Int]
    /// Begins, then ends: the order of ONNX's pads.
    var pads: [Int] { begin + end }
  }

  /// The border of a window over the two spatial axes, chosen so that rounding down gives the op's own extents: a window
  /// that only exists because the op rounds up gets the border it reaches into.
  func window(kernel: [Int], stride: [Int], dilation: [Int]) throws(Fault) -> (sides: Sides, extra: [Int]) {
    var sides = Sides(begin: [0, 0], end: [0, 0])
    switch attributes["padding"] ?? .int(0) {
    case .string("same"):
      for axis in 0..<2 {
        let (extent, places) = (shape[axis + 2], resultShape[axis + 2])
        let total = max((places - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 - extent, 0)
        (sides.begin[axis], sides.end[axis]) = (total / 2, total - total / 2)
      }
    case .int(let n): sides = Sides(begin: [n, n], end: [n, n])
    case .array(let items):
      let numbers = items.compactMap { if case .int(let n) = $0 { n } else { nil } }
      sides =
        numbers.count == 4
        ? Sides(begin: [numbers[0], numbers[1]], end: [numbers[2], numbers[3]])
        : Sides(begin: numbers, end: numbers)
    default: break
    }
    var extra = [0, 0]
    for axis in 0..<2 {
      let covered = (resultShape[axis + 2] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1
      extra[axis] = max(0, covered - shape[axis + 2] - sides.begin[axis] - sides.end[axis])
    }
    return (sides, extra)
  }
}

extension Fault {
  static func noOnnxForm(_ label: String, _ op: String, _ what: String) -> Fault {
    Fault("onnx-export", "\(label): \(op)\(what.isEmpty ? "" : " \(what)") has no form in ONNX that Weft writes")
  }
}
