import Graph
import Models
import Nodes

/// What is said of models of the index.
enum ModelReport {
  /// `sface        encoder    36.9 MB  Apache-2.0                pinned  not pulled`.
  static func line(_ entry: ModelEntry, path: String?) -> String {
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let size = entry.bytes.map(Quantity.bytes) ?? (entry.url == nil ? "-" : "?")
    let licence = entry.licence + (entry.isCommercialUseAllowed ? "" : " (not for commercial use)")
    return pad(entry.name, 18) + pad(entry.kind.rawValue, 12) + pad(size, 12) + pad(pin(entry), 24)
      + pad(path == nil ? "not pulled" : "here", 12) + licence
  }

  private static func pin(_ entry: ModelEntry) -> String {
    if entry.url == nil { return "ships" }
    if entry.sha256 != nil { return "SHA-256 pinned" }
    return entry.sha256Prefix.map { "SHA-256 begins \($0)" } ?? "not pinned"
  }

  static func json(_ entry: ModelEntry, path: String?) -> String {
    func text(_ value: String?) -> String { value.map(JSONText.quoted) ?? "null" }
    let fields: [(String, String)] = [
      ("name", text(entry.name)), ("kind", text(entry.kind.rawValue)), ("doc", text(entry.doc)),
      ("url", text(entry.url)), ("sha256", text(entry.sha256)), ("bytes", entry.bytes.map(String.init) ?? "null"),
      ("licence", text(entry.licence)), ("commercial", entry.isCommercialUseAllowed ? "true" : "false"),
      ("recipe", text(entry.recipe)), ("graph", text(entry.graph)), ("path", text(path)),
    ]
    return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  static func pulled(_ entry: ModelEntry, _ outcome: ModelPull.Outcome) -> String {
    if outcome.wasHere { return "\(entry.name) is here: \(outcome.path)" + conversion(entry, outcome) }
    var lines = ["\(entry.name): \(outcome.path)"]
    if entry.sha256 == nil, let sha256 = outcome.sha256 {
      lines.append("  the index does not pin it; its SHA-256 is \(sha256)")
    }
    lines.append("  licence: \(entry.licence)" + (entry.isCommercialUseAllowed ? "" : "; not for commercial use"))
    return lines.joined(separator: "\n") + conversion(entry, outcome)
  }

  /// What is still to be done before graphs can use it.
  private static func conversion(_ entry: ModelEntry, _ outcome: ModelPull.Outcome) -> String {
    guard let use = entry.use, let convert = entry.convert, !outcome.path.hasSuffix(use) else { return "" }
    let folder = entry.isPack ? outcome.path : String(outcome.path.dropLast(entry.file.count + 1))
    let command = convert.split(separator: "{folder}", omittingEmptySubsequences: false).joined(separator: folder)
    return "\n  graphs can use it after: \(command)"
  }
}
