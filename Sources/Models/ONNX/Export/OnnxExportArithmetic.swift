import Language

/// Arithmetic and reductions.
enum OnnxExportArithmetic {
  static let rules: [String: OnnxExporter.Rule] = {
    var rules: [String: OnnxExporter.Rule] = [
      "math.scale": { use, sheet throws(Fault) in
        let factor = sheet.scalar(use.attributes.number("by"), "\(use.label)/by")
        let offset = use.attributes.number("offset")
        guard offset != 0 else { return sheet.node("Mul", [use.x, factor], to: use.label) }
        let scaled = sheet.node("Mul", [use.x, factor], to: "\(use.label)/scaled")
        return sheet.node("Add", [scaled, sheet.scalar(offset, "\(use.label)/offset")], to: use.label)
      },
      "math.clip": { use, sheet throws(Fault) in
        let ends = ["min", "max"].map { name in
          let end = use.attributes.number(name)
          return end.isFinite ? sheet.scalar(end, "\(use.label)/\(name)") : ""
        }
        return sheet.node("Clip", [use.x] + ends, to: use.label)
      },
      "math.square": { use, sheet throws(Fault) in sheet.node("Mul", [use.x, use.x], to: use.label) },
      "math.add_n": { use, sheet throws(Fault) in sheet.node("Sum", use.operands[0], to: use.label) },
    ]
    for (op, operatorName) in [
      ("math.add", "Add"), ("math.sub", "Sub"), ("math.mul", "Mul"), ("math.div", "Div"), ("math.pow", "Pow"),
      ("math.min", "Min"), ("math.max", "Max"), ("nn.matmul", "MatMul"),
    ] {
      rules.updateValue(OnnxExporter.plain(operatorName), forKey: op)
    }
    for (op, operatorName) in [("math.mean", "ReduceMean"), ("math.sum", "ReduceSum")] {
      rules.updateValue(reduction(operatorName), forKey: op)
    }
    return rules
  }()

  private static func reduction(_ operatorName: String) -> OnnxExporter.Rule {
    let rule: OnnxExporter.Rule = { use, sheet throws(Fault) in
      let axes =
        use.attributes.has("axes") ? use.attributes.ints("axes").map(use.axis) : Array(use.shape.indices)
      return sheet.node(
        operatorName, [use.x, sheet.ints(axes)], ["keepdims": .int(use.attributes.bool("keep_dims") ? 1 : 0)],
        to: use.label)
    }
    return rule
  }
}
