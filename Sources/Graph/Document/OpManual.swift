import Language

/// The documentation of ops, made from their declarations.
public enum OpManual {
  /// One line per op, by family.
  public static func index(_ registry: Registry) -> String {
    let ops = registry.publicOps
    let width = ops.map(\.name.count).max() ?? 0
    return ops.map { op in
      op.name + String(repeating: " ", count: width - op.name.count + 2) + firstSentence(op.doc)
    }.joined(separator: "\n")
  }

  /// Everything about one op, for a terminal.
  public static func page(_ op: Op) -> String {
    var lines = ["\(op.name)  (revision \(op.revision))", "", op.doc]
    func section(_ title: String, _ rows: [(String, String)]) {
      guard !rows.isEmpty else { return }
      lines += ["", title]
      let width = rows.map(\.0.count).max()!
      for (left, right) in rows {
        lines.append("  " + left + String(repeating: " ", count: width - left.count + 2) + right)
      }
    }
    section("inputs", op.inputs.map { ("\($0.name): \($0.type)", note($0)) })
    section("outputs", op.outputs.map { ("\($0.name): \($0.type)", $0.doc) })
    section("params", op.params.map { ("\($0.name)\(fallback($0))", "\($0.expected). \($0.doc)") })
    if !op.structure.isEmpty { lines += ["", "node keys  " + op.structure.sorted().joined(separator: ", ")] }
    lines += ["", differentiable(op)]
    return lines.joined(separator: "\n")
  }

  /// Every public op as Markdown tables, one per family.
  public static func markdown(_ registry: Registry) -> String {
    var text = ""
    var family = ""
    for op in registry.publicOps {
      let its = String(op.name.prefix { $0 != "." })
      if its != family {
        family = its
        text += "\n## \(family)\n\n| op | inputs | outputs | params | |\n|---|---|---|---|---|\n"
      }
      let cells = [
        "`\(op.name)`", op.inputs.map { "`\($0.name)`" }.joined(separator: " "),
        op.outputs.map { "`\($0.name)`" }.joined(separator: " "),
        op.params.map { "`\($0.name)\(fallback($0))`" }.joined(separator: " "), firstSentence(op.doc),
      ]
      text += "| " + cells.map { $0.replacingBars() }.joined(separator: " | ") + " |\n"
    }
    return text
  }

  private static func fallback(_ param: Param) -> String {
    guard let value = param.fallback else { return "" }
    return value == .null ? "?" : " = \(value)"
  }

  private static func note(_ port: Port) -> String {
    let arity =
      switch port.arity {
      case .one: ""
      case .optional: "optional. "
      case .variadic: "a list of references. "
      case .parameter: "a network parameter: owned by the node unless connected. "
      }
    return arity + port.doc
  }

  private static func differentiable(_ op: Op) -> String {
    switch op.action {
    case .numeric(let numeric): numeric.gradient == nil ? "numeric, not differentiable" : "numeric, differentiable"
    case .host(let host):
      host.isEffect
        ? "host op, changes a store: always run, for outputs only"
        : op.isRandom ? "host op, random (seeded)" : "host op"
    case .loop: "loop over a body"
    case .control: "control flow"
    }
  }

  static func firstSentence(_ text: String) -> String {
    let flat = text.split(separator: "\n").joined(separator: " ")
    guard let end = flat.range(of: ". ") else { return flat }
    return String(flat[..<end.lowerBound]) + "."
  }
}

extension String {
  fileprivate func replacingBars() -> String {
    split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  /// The first place of `text`, without Foundation.
  fileprivate func range(of text: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(text) { return at..<index(at, offsetBy: text.count) }
      at = index(after: at)
    }
    return nil
  }
}
