import Language

/// Ops that move elements and compute nothing.
enum OnnxExportShapes {
  static let rules: [String: OnnxExporter.Rule] = {
    var rules: [String: OnnxExporter.Rule] = [
      "tensor.concat": { use, sheet throws(Fault) in
        sheet.node("Concat", use.operands[0], ["axis": .int(use.axis(use.attributes.int("axis")))], to: use.label)
      },
      "tensor.transpose": { use, sheet throws(Fault) in
        let order =
          use.attributes.has("order")
          ? use.attributes.ints("order").map(use.axis) : Array(use.shape.indices.reversed())
        return sheet.node("Transpose", [use.x], ["perm": .ints(order)], to: use.label)
      },
      "tensor.crop": { use, sheet throws(Fault) in
        let begin = [use.attributes.int("top"), use.attributes.int("left")]
        let end = [begin[0] + use.attributes.int("height"), begin[1] + use.attributes.int("width")]
        return slice(use, &sheet, begin, end, [use.shape.count - 2, use.shape.count - 1], [1, 1])
      },
      "tensor.flip": { use, sheet throws(Fault) in
        let axes = use.attributes.ints("axes").map(use.axis)
        // From the last element to before the first: a place far in front of it.
        return slice(
          use, &sheet, axes.map { _ in -1 }, axes.map { _ in Int(Int32.min) }, axes, axes.map { _ in -1 })
      },
      "tensor.slice": { use, sheet throws(Fault) in
        let begin = use.attributes.ints("begin")
        let axes = use.attributes.has("axes") ? use.attributes.ints("axes").map(use.axis) : Array(begin.indices)
        func each(_ name: String, _ values: [Int]) -> [Int] {
          values.count == 1 ? Array(repeating: values[0], count: axes.count) : values
        }
        let end =
          use.attributes.has("end")
          ? each("end", use.attributes.ints("end")) : axes.map { _ in Int(Int32.max) }
        return slice(
          use, &sheet, each("begin", begin), end, axes, each("step", use.attributes.ints("step")))
      },
      "tensor.pad": pad,
      "tensor.expand": { use, sheet throws(Fault) in
        sheet.node("Expand", [use.x, sheet.ints(use.resultShape)], to: use.label)
      },
    ]
    for op in ["tensor.reshape", "tensor.flatten", "tensor.squeeze", "tensor.unsqueeze"] {
      rules.updateValue(reshape(), forKey: op)
    }
    return rules
  }()

  private static func slice(
    _ use: OnnxUse, _ sheet: inout OnnxSheet, _ begin: [Int], _ end: [Int], _ axes: [Int], _ steps: [Int]
  ) -> String {
    sheet.node(
      "Slice", [use.x, sheet.ints(begin), sheet.ints(end), sheet.ints(axes), sheet.ints(steps)], to: use.label)
  }

  private static func pad(_ use: OnnxUse, _ sheet: inout OnnxSheet) throws(Fault) -> String {
    let modes = ["constant": "constant", "reflect": "reflect", "replicate": "edge"]
    guard let mode = modes[use.attributes.string("mode")] else { throw use.unsupported("that wraps round") }
    func all(_ name: String) -> [Int] {
      let numbers = use.attributes.ints(name)
      return Array(repeating: 0, count: use.shape.count - numbers.count) + numbers
    }
    let value = sheet.scalar(use.attributes.number("value"), "\(use.label)/value")
    return sheet.node(
      "Pad", [use.x, sheet.ints(all("before") + all("after"))] + (mode == "constant" ? [value] : []),
      ["mode": .text(mode)], to: use.label)
  }

  private static func reshape() -> OnnxExporter.Rule {
    let rule: OnnxExporter.Rule = { use, sheet throws(Fault) in
      sheet.node("Reshape", [use.x, sheet.ints(use.resultShape)], to: use.label)
    }
    return rule
  }
}
