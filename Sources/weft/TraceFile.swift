import Graph
import Language

/// Reads the traces that `weft run --trace` writes.
enum TraceFile {
  /// The times of a trace, for a drawing.
  static func times(_ path: String) throws(Fault) -> NodeTimes {
    guard let bytes = DiskAccess().read(path) else { throw .noTrace(path) }
    guard let events = try JSON.parse(bytes, file: path)["traceEvents"]?.elements else { throw .noEvents(path) }
    let times = NodeTimes()
    for event in events {
      guard let name = event["name"]?.text, let arguments = event["args"] else { continue }
      switch event["ph"]?.text {
      case "X":
        // Nodes that ran together as one program have events of their own beside it.
        if let others = arguments["paths"]?.elements, !others.isEmpty { continue }
        times.add(
          name, (number(event["dur"]) ?? 0) / 1e6, Int(number(arguments["bytes"]) ?? 0),
          isCached: arguments["cache"]?.text == "hit")
      case "i": times.add(name, 0, 0, isCached: true)
      default: continue
      }
    }
    return times
  }

  private static func number(_ value: JSONValue?) -> Double? {
    if case .number(let number)? = value?.kind { number.double } else { nil }
  }
}

extension Fault {
  static func noTrace(_ path: String) -> Fault { Fault("unknown-file", "there is no trace \"\(path)\"") }

  static func noEvents(_ path: String) -> Fault {
    Fault("usage", "\(path) is no trace: it has no \"traceEvents\"")
  }
}
