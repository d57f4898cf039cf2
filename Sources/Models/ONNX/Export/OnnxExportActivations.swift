import Language

/// Functions of each element.
enum OnnxExportActivations {
  static let rules: [String: OnnxExporter.Rule] = {
    var rules: [String: OnnxExporter.Rule] = [
      "nn.elu": { use, sheet throws(Fault) in
        sheet.node("Elu", [use.x], ["alpha": .float(use.attributes.number("alpha"))], to: use.label)
      },
      "nn.leaky_relu": { use, sheet throws(Fault) in
        sheet.node("LeakyRelu", [use.x], ["alpha": .float(use.attributes.number("slope"))], to: use.label)
      },
      "nn.prelu": { use, sheet throws(Fault) in
        // ONNX stretches the slope from the last axis; channels stand in the second.
        let count = use.operandShapes[1][0][0]
        let extents = count == 1 ? [1] : [count] + Array(repeating: 1, count: max(0, use.shape.count - 2))
        let slope = sheet.node("Reshape", [use.operands[1][0], sheet.ints(extents)], to: "\(use.label)/slope")
        return sheet.node("PRelu", [use.x, slope], to: use.label)
      },
      "nn.silu": { use, sheet throws(Fault) in
        let gate = sheet.node("Sigmoid", [use.x], to: "\(use.label)/gate")
        return sheet.node("Mul", [use.x, gate], to: use.label)
      },
      "nn.softmax": { use, sheet throws(Fault) in
        sheet.node("Softmax", [use.x], ["axis": .int(use.axis(use.attributes.int("axis")))], to: use.label)
      },
      "nn.log_softmax": { use, sheet throws(Fault) in
        sheet.node("LogSoftmax", [use.x], ["axis": .int(use.axis(use.attributes.int("axis")))], to: use.label)
      },
      "nn.dropout": dropout,
    ]
    for (op, operatorName) in [
      ("nn.relu", "Relu"), ("nn.sigmoid", "Sigmoid"), ("nn.tanh", "Tanh"), ("nn.softplus", "Softplus"),
      ("nn.hard_swish", "HardSwish"), ("math.abs", "Abs"), ("math.neg", "Neg"), ("math.exp", "Exp"),
      ("math.log", "Log"), ("math.sqrt", "Sqrt"), ("math.reciprocal", "Reciprocal"), ("math.floor", "Floor"),
      ("math.ceil", "Ceil"), ("math.round", "Round"), ("math.sign", "Sign"), ("math.stop_gradient", "Identity"),
    ] {
      rules.updateValue(OnnxExporter.plain(operatorName), forKey: op)
    }
    return rules
  }()

  private static func dropout(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    guard !use.attributes.bool("training") else { throw use.unsupported("in training") }
    return sheet.node("Identity", [use.x], to: use.label)
  }
}
