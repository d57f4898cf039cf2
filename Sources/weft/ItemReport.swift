import Engine
import Graph
import Language
import Models
import Nodes

/// What is said of a finished item.
enum ItemReport {
  /// `{"item", "inputs"?, "outputs", "seconds", "ran", "cached", "error"?}` on one line; `inputs` where several vary.
  static func json(_ planned: PlannedItem, _ result: RunResult, _ saved: [SavedOutput], _ fault: Fault?) -> String {
    let outputs = saved.map { "\(JSONText.quoted($0.name)):\(value($0))" }
    var parts = [
      "\"item\":\(planned.title.map(JSONText.quoted) ?? "null")", "\"outputs\":{\(outputs.joined(separator: ","))}",
      "\"seconds\":\(JSONText.number(result.seconds))", "\"ran\":\(result.ran)", "\"cached\":\(result.cached)",
    ]
    let files = planned.item.files
    if files.count > 1 {
      let inputs = files.map { "\(JSONText.quoted($0.input)):\(JSONText.quoted($0.path))" }
      parts.insert("\"inputs\":{\(inputs.joined(separator: ","))}", at: 1)
    }
    if let fault { parts.append("\"error\":\(JSONText.quoted(fault.text))") }
    return "{\(parts.joined(separator: ","))}"
  }

  /// What is small itself; of everything else path and type, of a list those of each element.
  private static func value(_ output: SavedOutput) -> String {
    if let inline = output.inline { return inline }
    let files = output.paths.map { "{\"path\":\(JSONText.quoted($0)),\"type\":\(JSONText.quoted(output.type))}" }
    return output.isList ? "[\(files.joined(separator: ","))]" : files.first ?? "null"
  }

  /// `image: out/image.png`; of many files the first and the last; of a word or a number what it is.
  static func line(_ output: SavedOutput) -> String {
    switch output.paths.count {
    case 0: "\(output.name): \(output.inline ?? output.type)"
    case 1: "\(output.name): " + (word(output).map { "\($0)  (\(output.paths[0]))" } ?? output.paths[0])
    default: "\(output.name): \(output.paths[0]) … \(output.paths.last!) (\(output.paths.count) files)"
    }
  }

  /// A text, number or truth value as people write it.
  private static func word(_ output: SavedOutput) -> String? {
    guard
      ["string", "number", "int", "bool"].contains(
        output.type.hasSuffix("?") ? String(output.type.dropLast()) : output.type), let inline = output.inline,
      let literal = try? JSONLiteral.parse(inline)
    else { return nil }
    if case .string(let text) = literal { return text }
    return literal == .null ? nil : inline
  }

  /// `photo.jpg: 12 ran, 3 cached, 1.2 s`.
  static func line(_ planned: PlannedItem, _ result: RunResult) -> String {
    (planned.title.map { "\($0): " } ?? "") + "\(result.ran) ran, \(result.cached) cached, "
      + Quantity.seconds(result.seconds)
  }
}
