import Language

/// The models that can be named instead of a path: `models.json` beside the shipped graphs, and the user's own on
/// `WEFT_PATH`, whose entries come first.
public struct ModelIndex: ModelCatalogue {
  /// In the order of their names.
  public let entries: [ModelEntry]
  /// Where models are kept: `<home>/models/<name>/<file>`.
  public let folder: String
  /// Where graphs of entries are looked for.
  private let searchPaths: [String]

  /// - Parameters:
  ///   - searchPaths: folders that may hold a `models.json`, first come first served.
  ///   - home: the folder for what stays between runs.
  /// - Throws: when one of them is damaged.
  public init(searchPaths: [String], home: String) throws(Fault) {
    var found: [String: ModelEntry] = [:]
    for path in searchPaths.map({ $0 + "/models.json" }) {
      guard let text = ModelFolder.text(path) else { continue }
      for entry in try ModelIndex.parse(text, path) where found[entry.name] == nil { found[entry.name] = entry }
    }
    entries = found.values.sorted { $0.name < $1.name }
    folder = home + "/models"
    self.searchPaths = searchPaths
  }

  static func parse(_ text: String, _ path: String) throws(Fault) -> [ModelEntry] {
    let value: Literal
    do throws(Fault) { value = try JSONLiteral.parse(text) } catch { throw .badIndex(path, error.message) }
    guard case .object(let root) = value, root["format"] == .int(1), case .object(let models)? = root["models"] else {
      throw .badIndex(path, "it is no object with \"format\": 1 and \"models\"")
    }
    if let unknown = root.keys.sorted().first(where: { !["format", "doc", "models"].contains($0) }) {
      throw .badIndex(path, "it has an unknown key \"\(unknown)\"")
    }
    var entries: [ModelEntry] = []
    for (name, value) in models.sorted(by: { $0.key < $1.key }) {
      guard case .object(let fields) = value else { throw .badIndex(path, "\"\(name)\" is \(value.kind)") }
      entries.append(try ModelEntry(name, fields, path))
    }
    return entries
  }

  public var names: [String] { entries.map(\.name) }

  /// The entry of a name.
  public func entry(_ name: String) throws(Fault) -> ModelEntry {
    guard let entry = entries.first(where: { $0.name == name }) else { throw .noSuchModel(name, names) }
    return entry
  }

  /// Folder of an entry's files.
  func folder(_ entry: ModelEntry) -> String { "\(folder)/\(entry.name)" }

  /// Where an entry is; nil while it is not here, or not yet converted. A pack is its folder.
  public func path(_ entry: ModelEntry) -> String? {
    guard entry.url != nil else {
      return entry.graph.flatMap { graph in
        searchPaths.map { "\($0)/\(graph)" }.first { ModelFolder.size($0) != nil }
      }
    }
    if entry.isPack {
      return ModelFolder.size("\(folder(entry))/\(ModelFolder.completeMark)") == nil ? nil : folder(entry)
    }
    let path = "\(folder(entry))/\(entry.use ?? entry.file)"
    return ModelFolder.size(path) == nil ? nil : path
  }

  /// A model by name, or a member of a pack: `buffalo_l/det_10g.onnx`.
  public func model(_ name: String) -> KnownModel? {
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, let entry = entries.first(where: { $0.name == first }) else { return nil }
    let pull = "weft models pull \(entry.name)"
    guard parts.count == 2 else {
      return KnownModel(path: path(entry), pull: pull, outputs: entry.outputs)
    }
    guard entry.isPack else { return nil }
    let member = path(entry).map { "\($0)/\(parts[1])" }
    return KnownModel(path: member.flatMap { ModelFolder.size($0) == nil ? nil : $0 }, pull: pull)
  }
}
