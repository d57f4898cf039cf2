import Graph
import Language
import Tensors

/// Where the outputs of an item go.
struct SavePlan {
  let out: String
  let params: [String: Literal]

  /// A sweep's variants have a folder each.
  static func folder(_ out: String, _ planned: PlannedItem) -> String {
    planned.variant.map { "\(out)/\(SaveTemplate.escaped($0))" } ?? out
  }

  /// The path below `out` for one output of an item. `index` counts the elements of a saved list.
  func path(
    _ output: FlatGraph.Output, item: Items.Item, index: Int? = nil, ending: String
  ) throws(Fault) -> String {
    guard let template = output.save?.template else {
      let stem = item.files.first.map { SaveTemplate.escaped(SavePlan.stem($0.path)) + "/" } ?? ""
      let number = index.map { "/" + SavePlan.padded($0) } ?? ""
      return "\(out)/\(stem)\(SaveTemplate.escaped(output.name))\(number).\(ending)"
    }
    let relative = try template.path { path in
      switch path[0] {
      case "index": .int(index ?? item.index)
      case "output": .string(output.name)
      default: field(path, item)
      }
    }
    return out + "/" + relative
  }

  /// Whether a list is saved element by element.
  static func isPerElement(_ output: FlatGraph.Output) -> Bool {
    output.save?.template?.fields.contains { $0.path == ["index"] } ?? false
  }

  private func field(_ path: [String], _ item: Items.Item) -> Literal? {
    if let value = item.inputs[path[0]] {
      switch value {
      case .file(let file):
        let part = path.count > 1 ? path[1] : "stem"
        return SavePlan.part(part, of: file).map { .string($0) }
      case .string(let text): return .string(text)
      case .int(let number): return .int(number)
      case .number(let number): return .float(number)
      case .bool(let flag): return .bool(flag)
      default: return nil
      }
    }
    guard path.count == 1 || params[path[0]] == nil else {
      guard case .string(let file)? = params[path[0]] else { return nil }
      return SavePlan.part(path[1], of: file).map { .string($0) }
    }
    return params[path[0]]
  }

  /// `stem`, `name`, `ext` or `folder` of a path.
  private static func part(_ part: String, of file: String) -> String? {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    switch part {
    case "stem": return stem(file)
    case "name": return name
    case "ext": return name.contains(".") ? String(name.split(separator: ".").last!) : ""
    case "folder": return file.split(separator: "/").dropLast().last.map(String.init) ?? ""
    default: return nil
    }
  }

  static func stem(_ file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  private static func padded(_ index: Int) -> String {
    let text = String(index)
    return String(repeating: "0", count: max(0, 3 - text.count)) + text
  }
}
