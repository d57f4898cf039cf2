import Language
import Nodes
import Tensors

/// What `weft models inspect` says of a network: a line per op with what it makes and how many parameters it has.
struct NetworkSummary {
  private struct Layer {
    let label: String
    let op: String
    let shape: [Int]
    let parameters: Int
  }

  private let name: String
  private let layers: [Layer]
  private var total: Int { layers.reduce(0) { $0 + $1.parameters } }

  init(_ network: NetworkFile) {
    name = network.name
    // A tensor that several ops share counts with the first.
    var counted: Set<ValueID> = []
    layers = network.region.nodes.map { node in
      let parameters = node.operands.flatMap { $0 }.filter {
        network.region.constants[$0] != nil && counted.insert($0).inserted
      }
      return Layer(
        label: node.label, op: node.op.name, shape: network.region.concrete(node.results[0]).shape,
        parameters: parameters.reduce(0) { $0 + network.region.concrete($1).count })
    }
  }

  var text: String {
    let rows =
      [["layer", "op", "shape", "parameters"]]
      + layers.map { [$0.label, $0.op, "\($0.shape)", $0.parameters == 0 ? "" : "\($0.parameters)"] }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      let cells = (0..<3).map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
      return "  " + (cells + [row[3]]).joined(separator: "  ").trimmingEnd()
    }
    return (["\(name): \(layers.count) ops, \(total) parameters"] + lines).joined(separator: "\n")
  }

  var json: String {
    let rows = layers.map { layer in
      "{\"layer\":\(JSONText.quoted(layer.label)),\"op\":\(JSONText.quoted(layer.op)),"
        + "\"shape\":[\(layer.shape.map(String.init).joined(separator: ","))],\"parameters\":\(layer.parameters)}"
    }
    return "{\"name\":\(JSONText.quoted(name)),\"parameters\":\(total),\"layers\":[\(rows.joined(separator: ","))]}"
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
