import Engine
import Graph
import Language
import Nodes

/// What is said of a finished item.
enum ItemReport {
  /// `{"item", "outputs", "seconds", "ran", "cached", "error"?}` on one line.
  static func json(_ planned: PlannedItem, _ result: RunResult, _ saved: [SavedOutput], _ fault: Fault?) -> String {
    let outputs = saved.map { output in
      let value =
        output.inline ?? "{\"path\":\(JSONText.quoted(output.path ?? "")),\"type\":\(JSONText.quoted(output.type))}"
      return "\(JSONText.quoted(output.name)):\(value)"
    }
    var parts = [
      "\"item\":\(planned.title.map(JSONText.quoted) ?? "null")", "\"outputs\":{\(outputs.joined(separator: ","))}",
      "\"seconds\":\(JSONText.number(result.seconds))", "\"ran\":\(result.ran)", "\"cached\":\(result.cached)",
    ]
    if let fault { parts.append("\"error\":\(JSONText.quoted(fault.text))") }
    return "{\(parts.joined(separator: ","))}"
  }

  /// `photo.jpg: 12 ran, 3 cached, 1.2 s`.
  static func line(_ planned: PlannedItem, _ result: RunResult) -> String {
    (planned.title.map { "\($0): " } ?? "") + "\(result.ran) ran, \(result.cached) cached, "
      + Quantity.seconds(result.seconds)
  }
}
