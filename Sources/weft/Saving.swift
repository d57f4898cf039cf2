import Graph
import Language
import Nodes
import Tensors

/// An output as it was saved or inlined.
struct SavedOutput: Sendable {
  let name: String
  /// The files: several of a list saved element by element.
  let paths: [String]
  /// JSON, for small values.
  let inline: String?
  /// Of the value, or of each file.
  let type: String
  let isList: Bool
}

/// Saves the outputs of one item.
struct Saving {
  private let planned: PlannedItem
  private let settings: RunSettings

  init(_ planned: PlannedItem, _ settings: RunSettings) {
    self.planned = planned
    self.settings = settings
  }

  /// Saves what was made, in the graph's order.
  func save(_ outputs: [String: Value]) throws(Fault) -> [SavedOutput] {
    var saved: [SavedOutput] = []
    let plan = SavePlan(out: SavePlan.folder(settings.out, planned), params: planned.params)
    for output in planned.graph.outputs {
      guard let value = outputs[output.name] else { continue }
      if value.isNone {
        guard output.isOptional else { throw .absentOutput(output) }
        continue
      }
      do throws(Fault) { saved.append(try write(value, output, plan)) } catch { throw error.at(output.place) }
    }
    // A run of one node gives its ports: shown, not saved.
    for (name, value) in outputs.sorted(by: { $0.key < $1.key })
    where !planned.graph.outputs.contains(where: { $0.name == name }) {
      saved.append(
        SavedOutput(
          name: name, paths: [], inline: value.inline ?? "{\"type\":\(JSONText.quoted(value.typeText(.any)))}",
          type: value.kind, isList: false))
    }
    return saved
  }

  private func write(_ value: Value, _ output: FlatGraph.Output, _ plan: SavePlan) throws(Fault) -> SavedOutput {
    let saver = try Saver(output.save?.settings ?? [:])
    if case .list(let items) = value,
      SavePlan.isPerElement(output) || (output.save?.template == nil && items.first?.isFileLike == true)
    {
      var paths: [String] = []
      for (index, item) in items.enumerated() {
        let path = try plan.path(output, item: planned.item, index: index, ending: Saver.ending(for: item))
        try saver.write(item, to: path)
        paths.append(path)
      }
      return SavedOutput(
        name: output.name, paths: paths, inline: value.inline,
        type: (items.first ?? .none).typeText(output.type.element), isList: true)
    }
    let path = try plan.path(output, item: planned.item, ending: Saver.ending(for: value))
    try saver.write(value, to: path, column: output.name)
    return SavedOutput(
      name: output.name, paths: [path], inline: value.inline, type: value.typeText(output.type), isList: false)
  }
}

extension Value {
  /// The type of the value itself, every extent a number, with the meaning that was inferred for it.
  fileprivate func typeText(_ inferred: ValueType) -> String {
    switch self {
    case .tensor(let tensor):
      let meaning = inferred.tensor?.meaning ?? Meaning()
      let shape = tensor.shape.map { Dim($0) }
      return "\(ValueType.tensor(TensorType(dtype: tensor.dtype, shape: shape, meaning: meaning)))"
    case .image(let image):
      let type = ImageType(format: image.format, height: Dim(image.height), width: Dim(image.width))
      return "\(ValueType.image(type))"
    default: return inferred == .any ? kind : "\(inferred)"
    }
  }

  /// Its JSON, if it is small; tables and everything that is saved as a file of its own are not.
  fileprivate var inline: String? {
    if case .table = self { return nil }
    return JSONText.of(self)
  }

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
