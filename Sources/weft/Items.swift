import Graph
import Language
import Nodes
import Tensors

/// The items of one command: a graph runs once per file of the input that varies.
struct Items {
  struct Item: Sendable {
    /// The file that names the item; nil when the command has but one.
    let name: String?
    let index: Int
    let inputs: [String: Value]
  }

  let items: [Item]

  /// One input varies, or several zip with equal length.
  init(_ opened: OpenedGraph) throws(Fault) {
    var values: [(name: String, values: [Value])] = []
    if let declaration = opened.declaration {
      for (name, text) in opened.given {
        guard let input = declaration.inputs.first(where: { $0.name == name }) else { continue }
        let type: ValueType
        do { type = try ValueType(parsing: input.type.value) } catch { throw error.at(input.type.place) }
        values.append((name, try Items.values(text, type, name)))
      }
    }
    let varying = values.filter { $0.values.count > 1 }
    let count = varying.first?.values.count ?? 1
    guard varying.allSatisfy({ $0.values.count == count }) else {
      throw .unequalInputs(varying.map { ($0.name, $0.values.count) })
    }
    items = (0..<count).map { index in
      let inputs = Dictionary(
        uniqueKeysWithValues: values.map { ($0.name, $0.values.count > 1 ? $0.values[index] : $0.values[0]) })
      var name: String?
      if let first = varying.first, case .file(let path) = first.values[index] { name = path }
      return Item(name: name, index: index, inputs: inputs)
    }
  }

  /// What a text stands for: several values for a `file` input that names more than one file.
  static func values(_ text: String, _ type: ValueType, _ name: String) throws(Fault) -> [Value] {
    switch type {
    case .file, .optional(.file): try InputReader.files(text, name: name).map { .file($0) }
    default: [try InputReader.value(text, for: type, name: name)]
    }
  }

  /// The items of shard `number` of `count`, by name, so that adding files moves no others.
  func shard(_ number: Int, of count: Int) -> [Item] {
    items.filter { Digest(of: $0.name ?? "").low % UInt64(count) == UInt64(number - 1) }
  }
}

extension Fault {
  static func unequalInputs(_ counts: [(String, Int)]) -> Fault {
    Fault(
      "usage",
      "inputs that vary together need equally many files: "
        + counts.map { "\($0.0) has \($0.1)" }.joined(separator: ", "))
  }
}
