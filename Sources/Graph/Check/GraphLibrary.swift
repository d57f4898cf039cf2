import Language

/// How graphs reach the files they name. Reading is the caller's: this layer knows no file system.
public protocol FileAccess: Sendable {
  /// The bytes of a file; nil when there is none or it cannot be read.
  func read(_ path: String) -> [UInt8]?
  func exists(_ path: String) -> Bool
  /// The names in a folder, for suggestions; empty when there is none.
  func list(_ folder: String) -> [String]
}

/// Finds and parses graph files: relative to the file that names them, then in each of `searchPaths`.
public final class GraphLibrary {
  public let searchPaths: [String]
  public let access: any FileAccess
  /// Models that may be named instead of a path.
  public let models: (any ModelCatalogue)?
  /// The other formats that graphs may come in.
  public let sources: [any GraphSource]
  private var parsed: [String: (GraphFile?, [Fault])] = [:]
  /// The files whose params are being gathered, outermost first.
  private var gathering: [String] = []

  public init(
    access: any FileAccess, searchPaths: [String] = [], models: (any ModelCatalogue)? = nil,
    sources: [any GraphSource] = []
  ) {
    self.models = models
    self.sources = sources
    self.access = access
    self.searchPaths = searchPaths
  }

  /// The path of an existing file that `name` stands for in `file`, or of the model of that name; nil when there is none.
  public func resolve(_ name: String, from file: String?) -> String? {
    candidates(name, from: file).first(where: access.exists) ?? models?.model(name)?.path
  }

  /// The same for what stands in a setting: a path that an expression gives has been found already, from where it was
  /// given, and is not looked for beside `file` first.
  func resolve(_ name: String, of setting: Setting, from file: String) -> String? {
    setting.isComputed && access.exists(name) ? name : resolve(name, from: file)
  }

  private func candidates(_ name: String, from file: String?) -> [String] {
    if name.hasPrefix("/") { return [name] }
    let beside = file.map { GraphLibrary.join(GraphLibrary.folder(of: $0), name) } ?? name
    return [beside] + searchPaths.map { GraphLibrary.join($0, name) }
  }

  /// The syntax tree of the file at `path`, and its faults.
  public func parse(_ path: String) -> (GraphFile?, [Fault]) { load(path) }

  /// The parsed file at `path`, which exists, with the params that it takes from others. Parsed once.
  func load(_ path: String) -> (GraphFile?, [Fault]) {
    if let known = parsed[path] { return known }
    var (file, faults) = read(path)
    if let own = file, !own.inherited.isEmpty {
      gathering.append(path)
      let (complete, more) = gathered(own)
      gathering.removeLast()
      (file, faults) = (complete, Diagnostics.sorted(faults + more))
    }
    parsed[path] = (file, faults)
    return (file, faults)
  }

  private func gathered(_ own: GraphFile) -> (GraphFile, [Fault]) {
    var others: [GraphFile] = []
    var faults: [Fault] = []
    for name in own.inherited {
      guard let path = resolve(name.value, from: own.file), path.hasSuffix(".json") else {
        faults.append(.noSuchFile(name.value, suggestion: suggestion(name.value, from: own.file), at: name.place))
        continue
      }
      guard !gathering.contains(path) else {
        faults.append(.paramsInCircle(name, gathering + [path]))
        continue
      }
      let (file, wrong) = load(path)
      faults += wrong
      if let file { others.append(file) }
    }
    // What is missing may stand in the file that could not be read.
    let (complete, missing) = own.inheriting(others)
    return (complete, faults.isEmpty ? missing : faults)
  }

  private func read(_ path: String) -> (GraphFile?, [Fault]) {
    guard let source = source(of: path) else {
      return access.read(path).map { GraphFile.parse(bytes: $0, file: path) } ?? (nil, [.unreadable(path)])
    }
    do throws(Fault) { return (GraphFile(try source.open(path), file: path), []) } catch { return (nil, [error]) }
  }

  /// What opens the file, when it is no graph file.
  func source(of path: String) -> (any GraphSource)? {
    sources.first { $0.endings.contains(where: path.hasSuffix) }
  }

  /// Whether the file's name says that it holds a graph.
  func isGraph(_ path: String) -> Bool { path.hasSuffix(".json") || source(of: path) != nil }

  /// How to get the model of that name, or the nearest name in the folders where `name` was looked for.
  public func suggestion(_ name: String, from file: String?) -> String {
    if let known = models?.model(name) { return " here yet (\(known.pull) gets it)" }
    let last = String(name.split(separator: "/").last ?? "")
    let names =
      candidates(name, from: file).flatMap { access.list(GraphLibrary.folder(of: $0)) } + (models?.names ?? [])
    return Suggestion.phrase(for: last, in: names)
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `folder` and `name` as one path, `.` and `..` resolved where they can be.
  static func join(_ folder: String, _ name: String) -> String {
    let isAbsolute = folder.hasPrefix("/")
    var parts: [Substring] = []
    for part in (folder + "/" + name).split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }
}

/// Wording of what can be wrong with params that come from other files.
extension Fault {
  static func paramsInCircle(_ name: Located<String>, _ files: [String]) -> Fault {
    Fault(
      "recursion", "files take their params from each other in a circle: \(files.joined(separator: " ← "))",
      at: name.place)
  }
}
