import Graph
import Language
import Nodes

/// The items of one command: a graph runs once per file of the input that varies.
struct Items {
  struct Item: Sendable {
    /// The files that name the item, by input; none when the command has but one item.
    let files: [(input: String, path: String)]
    let index: Int
    let inputs: [String: Value]

    /// Its files; nil when the command has but one item.
    var title: String? { files.isEmpty ? nil : files.map(\.path).joined(separator: " + ") }
  }

  let items: [Item]
  /// Inputs that differ from item to item.
  let varying: [String]

  /// One input varies, or several zip with equal length.
  init(_ opened: OpenedGraph) throws(Fault) {
    var values: [(name: String, values: [Value], isVarying: Bool)] = []
    if let declaration = opened.declaration {
      for (name, text) in opened.given {
        guard let input = declaration.inputs.first(where: { $0.name == name }) else { continue }
        let type: ValueType
        do { type = try ValueType(parsing: input.type.value) } catch { throw error.at(input.type.place) }
        let found = try Items.values(text, type, name)
        if found.isEmpty { throw .noFiles(name, text) }
        values.append((name, found, Items.isVarying(text, found)))
      }
    }
    let varying = values.filter { $0.isVarying }
    let count = varying.first?.values.count ?? 1
    guard varying.allSatisfy({ $0.values.count == count }) else {
      throw .unequalInputs(varying.map { ($0.name, $0.values.count) })
    }
    self.varying = varying.map(\.name)
    items = (0..<count).map { index in
      let inputs = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.values[$0.isVarying ? index : 0]) })
      var files: [(input: String, path: String)] = []
      for input in varying {
        if case .file(let path) = input.values[index] { files.append((input.name, path)) }
      }
      return Item(files: files, index: index, inputs: inputs)
    }
  }

  /// The item with the most pixels among the files that vary, by their headers: the one that needs the most memory.
  var largest: Item { largest { _ in true } ?? items[0] }

  /// The same among some of the items.
  func largest(where isWanted: (Item) -> Bool) -> Item? {
    let wanted = items.filter(isWanted)
    guard wanted.count > 1 else { return wanted.first }
    let probe = HeaderProbe()
    let sizes = wanted.map { item in
      varying.reduce(0) { sum, name in
        guard case .file(let path)? = item.inputs[name], let image = probe.image(path) else { return sum }
        return sum + (image.height.value ?? 0) * (image.width.value ?? 0)
      }
    }
    return zip(wanted, sizes).max { $0.1 < $1.1 }?.0
  }

  /// What a text stands for: several values for a `file` input that names more than one file.
  static func values(_ text: String, _ type: ValueType, _ name: String) throws(Fault) -> [Value] {
    switch type {
    case .optional(.file) where text == "null": [.none]
    case .file, .optional(.file): try InputReader.files(text, name: name).map { .file($0) }
    default: [try InputReader.value(text, for: type, name: name)]
    }
  }

  /// A folder, a glob and a list make items also when they hold but one file, so that outputs do not move when a second
  /// one is added.
  private static func isVarying(_ text: String, _ values: [Value]) -> Bool {
    if values.count > 1 { return true }
    if case .file(let path)? = values.first { return path != text }
    return false
  }
}

extension Fault {
  static func noFiles(_ name: String, _ text: String) -> Fault {
    Fault("missing-file", "\(name): \"\(text)\" names no files")
  }

  static func unequalInputs(_ counts: [(String, Int)]) -> Fault {
    Fault(
      "usage",
      "inputs that vary together need equally many files: "
        + counts.map { "\($0.0) has \($0.1)" }.joined(separator: ", "))
  }
}
