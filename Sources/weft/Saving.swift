import Graph
import Language
import Nodes
import Tensors

/// An output as it was saved or inlined.
struct SavedOutput: Sendable {
  let name: String
  /// The file, or the folder-like pattern of a list saved element by element.
  let path: String?
  /// JSON, for small values.
  let inline: String?
  let type: String
}

/// Saves the outputs of one item.
struct Saving {
  private let planned: PlannedItem
  private let settings: RunSettings

  init(_ planned: PlannedItem, _ settings: RunSettings) {
    self.planned = planned
    self.settings = settings
  }

  /// Saves what was made, in the graph's order; small values without a `save` are only inlined.
  func save(_ outputs: [String: Value]) throws(Fault) -> [SavedOutput] {
    var saved: [SavedOutput] = []
    let plan = SavePlan(out: SavePlan.folder(settings.out, planned), params: planned.params)
    for output in planned.graph.outputs {
      guard let value = outputs[output.name] else { continue }
      if value.isNone {
        guard output.isOptional else { throw .absentOutput(output) }
        continue
      }
      let inline = JSONText.of(value)
      var path: String?
      do throws(Fault) { path = try write(value, output, plan) } catch { throw error.at(output.place) }
      saved.append(SavedOutput(name: output.name, path: path, inline: inline, type: "\(output.type)"))
    }
    // A run of one node gives its ports: shown, not saved.
    for (name, value) in outputs.sorted(by: { $0.key < $1.key })
    where !planned.graph.outputs.contains(where: { $0.name == name }) {
      saved.append(
        SavedOutput(name: name, path: nil, inline: JSONText.of(value) ?? "\"\(value.kind)\"", type: value.kind))
    }
    return saved
  }

  private func write(_ value: Value, _ output: FlatGraph.Output, _ plan: SavePlan) throws(Fault) -> String? {
    let saver = try Saver(output.save?.settings ?? [:])
    if case .list(let items) = value,
      SavePlan.isPerElement(output) || (output.save?.template == nil && items.first?.isFileLike == true)
    {
      var pattern: String?
      for (index, item) in items.enumerated() {
        let path = try plan.path(output, item: planned.item, index: index, ending: Saver.ending(for: item))
        try saver.write(item, to: path)
        pattern = pattern ?? path
      }
      return pattern
    }
    let path = try plan.path(output, item: planned.item, ending: Saver.ending(for: value))
    try saver.write(value, to: path, column: output.name)
    return path
  }
}

extension Value {
  /// Saved as a file of its own even inside a list.
  fileprivate var isFileLike: Bool {
    switch self {
    case .image, .weights: true
    case .tensor(let tensor): tensor.count > JSONText.largestTensor
    default: false
    }
  }
}

extension Fault {
  static func absentOutput(_ output: FlatGraph.Output) -> Fault {
    Fault("run", "output \"\(output.name)\" is absent, but it is not declared optional", at: output.place)
  }
}
