import Language
import Tensors

/// Normalisations.
enum OnnxExportNormalisation {
  static let rules: [String: OnnxExporter.Rule] = [
    "nn.batch_norm": { use, sheet throws(Fault) in
      sheet.node(
        "BatchNormalization", (0..<5).map { use.operands[$0][0] },
        ["epsilon": .float(use.attributes.number("epsilon"))], to: use.label)
    },
    "nn.instance_norm": { use, sheet throws(Fault) in
      let plain = [(1, Float(1), "scale"), (2, 0, "shift")].map { port, value, name in
        use.operand(port)
          ?? sheet.constant(
            Tensor(shape: [use.shape[1]], [Float](repeating: value, count: use.shape[1])), "\(use.label)/\(name)")
      }
      return sheet.node(
        "InstanceNormalization", [use.x] + plain, ["epsilon": .float(use.attributes.number("epsilon"))],
        to: use.label)
    },
    "nn.l2norm": { use, sheet throws(Fault) in
      let axes = sheet.ints([use.axis(use.attributes.int("axis"))])
      let length = sheet.node("ReduceL2", [use.x, axes], to: "\(use.label)/length")
      let least = sheet.scalar(use.attributes.number("epsilon"), "\(use.label)/epsilon")
      let divisor = sheet.node("Max", [length, least], to: "\(use.label)/divisor")
      return sheet.node("Div", [use.x, divisor], to: use.label)
    },
  ]
}
