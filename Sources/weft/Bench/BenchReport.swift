import Graph
import Nodes

/// What `weft bench` prints.
struct BenchReport {
  let machine: Machine
  /// Nodes per run of the graph.
  let runs: [[NodeLog.Entry]]
  /// Seconds of each whole run, files and saving nothing included.
  let seconds: [Double]

  /// Per node the run of medians; slowest last run's order is kept.
  var text: String {
    var lines: [String] = []
    let programs = runs.map { $0.reduce(0) { $0 + $1.seconds } }
    lines.append(
      "machine: \(machine.threads) threads, \(Self.number(machine.peakOperations / 1e9)) GFLOP/s, "
        + "\(Self.number(machine.bandwidth / 1e9)) GB/s")
    lines.append(
      "\(runs.count) runs: whole graph \(Self.summary(seconds)), numeric nodes \(Self.summary(programs))")
    lines.append("")
    var rows = [["node", "op", "kernel", "runs", "ms each", "share", "GFLOP/s", "GB/s", "roofline"]]
    let total = Self.median(programs)
    for (index, entry) in (runs.last ?? []).enumerated() {
      let each = Self.median(runs.compactMap { $0.indices.contains(index) ? $0[index].seconds : nil })
      let once = each / Double(max(1, entry.runs))
      rows.append([
        entry.path, entry.op, entry.kernel, "\(entry.runs)", Self.number(once * 1e3),
        Self.number(100 * each / max(total, 1e-12)) + " %", Self.number(entry.operations / once / 1e9),
        Self.number(Double(entry.bytes) / once / 1e9),
        Self.number(100 * machine.share(operations: entry.operations, bytes: entry.bytes, seconds: once)) + " %",
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      lines.append(
        zip(row, widths).enumerated().map { column, cell in
          let padding = String(repeating: " ", count: cell.1 - cell.0.count)
          return column < 3 ? cell.0 + padding : padding + cell.0
        }.joined(separator: "  "))
    }
    return lines.joined(separator: "\n")
  }

  /// One run as one line; `start` and `end` of a node are seconds after the first one began.
  static func json(_ entries: [NodeLog.Entry], seconds: Double) -> String {
    let zero = entries.map(\.start).min() ?? 0
    let nodes = entries.map {
      "{\"path\":\(JSONText.quoted($0.path)),\"op\":\(JSONText.quoted($0.op)),"
        + "\"kernel\":\(JSONText.quoted($0.kernel)),\"runs\":\($0.runs),\"seconds\":\(JSONText.number($0.seconds)),"
        + "\"start\":\(JSONText.number(Double($0.start - zero) / 1e9)),"
        + "\"end\":\(JSONText.number(Double($0.end - zero) / 1e9)),"
        + "\"operations\":\(JSONText.number($0.operations)),\"bytes\":\($0.bytes)}"
    }
    return "{\"seconds\":\(JSONText.number(seconds)),\"nodes\":[\(nodes.joined(separator: ","))]}"
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private static func summary(_ values: [Double]) -> String {
    "\(Quantity.seconds(median(values))) (\(Quantity.seconds(values.min() ?? 0))–\(Quantity.seconds(values.max() ?? 0)))"
  }

  /// Three significant digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "0" }
    let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3
    let scale = [1.0, 10, 100, 1000][digits]
    let rounded = (value * scale).rounded() / scale
    return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
  }
}
