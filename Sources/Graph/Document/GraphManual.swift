import Language

/// `weft run GRAPH --help`: what a graph takes and gives, from its own declarations.
public enum GraphManual {
  public static func page(_ file: GraphFile, command: String) -> String {
    var lines: [String] = []
    let required =
      file.main.inputs.filter { !$0.isOptional }.map(\.name)
      + file.params.filter { $0.defaultValue == nil }.map(\.name)
    lines.append("usage: \(command)" + required.map { " \($0)=…" }.joined() + " [name=value ...]")
    if let doc = file.main.doc { lines += ["", doc] }
    func section(_ title: String, _ rows: [(String, String)]) {
      guard !rows.isEmpty else { return }
      lines += ["", title]
      let width = min(40, rows.map(\.0.count).max()!)
      for (left, right) in rows {
        lines.append("  " + left + String(repeating: " ", count: max(0, width - left.count) + 2) + right)
      }
    }
    section(
      "inputs",
      file.main.inputs.map { ("\($0.name): \($0.type.value)\($0.isOptional ? " (optional)" : "")", $0.doc ?? "") })
    section("params", file.params.map { ("\($0.name): \($0.type.value)", details($0)) })
    section("outputs", file.main.outputs.map { ($0.name + ($0.isOptional ? " (optional)" : ""), $0.doc ?? "") })
    return lines.joined(separator: "\n")
  }

  private static func details(_ param: ParamDeclaration) -> String {
    var parts: [String] = []
    if let doc = param.doc { parts.append(doc) }
    if let choices = param.choices {
      parts.append("one of " + choices.map { plain($0.value) }.joined(separator: ", "))
    }
    if let low = param.minimum?.value { parts.append("at least \(low)") }
    if let high = param.maximum?.value { parts.append("at most \(high)") }
    parts.append(param.defaultValue.map { "default \(plain($0.value))" } ?? "required")
    return parts.joined(separator: "; ")
  }

  private static func plain(_ value: Literal) -> String {
    if case .string(let text) = value, !text.isEmpty { text } else { value.description }
  }
}
