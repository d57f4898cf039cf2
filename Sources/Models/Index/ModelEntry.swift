import Language

/// One model of the index: where it comes from, what it may be used for, how it is fed.
public struct ModelEntry: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case detector, encoder, landmarks, attributes, classifier, network, pack
  }

  public let name: String
  public let kind: Kind
  public let doc: String
  /// Where it is downloaded from; nil for a graph that ships.
  public let url: String?
  /// Name of the downloaded file.
  public let file: String
  /// 64 hexadecimal digits, where they are known with certainty.
  public let sha256: String?
  /// The beginning of the SHA-256, where only that is published (torchvision puts 8 digits into file names).
  public let sha256Prefix: String?
  public let bytes: Int?
  public let licence: String
  /// Anything but true is to be read before earning money with it.
  public let isCommercialUseAllowed: Bool
  /// What the model takes and gives.
  public let recipe: String
  /// The file that graphs use, when it has to be made from the download, and the command that makes it.
  public let use: String?
  public let convert: String?
  /// A graph that stands for the model: its network, or all of it.
  public let graph: String?
  /// Types by port, by which graphs are checked while the model is absent.
  public let outputs: [(name: String, type: String)]

  /// A pack is an archive, used by its folder.
  public var isPack: Bool { kind == .pack }

  /// - Throws: when a field is missing, unknown or of the wrong kind.
  init(_ name: String, _ fields: [String: Literal], _ index: String) throws(Fault) {
    var rest = fields
    func text(_ key: String) throws(Fault) -> String? {
      switch rest.removeValue(forKey: key) {
      case nil: return nil
      case .string(let text)?: return text
      case let other?: throw .indexField(index, name, key, "must be a string, not \(other.kind)")
      }
    }
    func needed(_ key: String) throws(Fault) -> String {
      guard let value = try text(key) else { throw .indexField(index, name, key, "is missing") }
      return value
    }
    guard ModelEntry.isSafe(name) else {
      throw .indexField(index, name, "name", "may hold letters, digits and . _ - only")
    }
    self.name = name
    let word = try needed("kind")
    guard let kind = Kind(rawValue: word) else {
      throw .indexField(
        index, name, "kind",
        "cannot be \"\(word)\"; it is one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.kind = kind
    doc = try text("doc") ?? ""
    url = try text("url")
    graph = try text("graph")
    guard url != nil || graph != nil else { throw .indexField(index, name, "url", "is missing, and it names no graph") }
    let last = url?.split(separator: "/").last.map(String.init) ?? ""
    file = try text("file") ?? last
    use = try text("use")
    convert = try text("convert")
    for part in [url == nil ? nil : file, use].compactMap({ $0 }) where !ModelEntry.isSafe(part) {
      throw .indexField(index, name, "file", "cannot be \"\(part)\"")
    }
    sha256 = try text("sha256")?.lowercased()
    sha256Prefix = try text("sha256_prefix")?.lowercased()
    if let sha256, sha256.utf8.count != 64 || !sha256.allSatisfy(\.isHexDigit) {
      throw .indexField(index, name, "sha256", "is not 64 hexadecimal digits")
    }
    if let sha256Prefix, !(8...64).contains(sha256Prefix.utf8.count) || !sha256Prefix.allSatisfy(\.isHexDigit) {
      throw .indexField(index, name, "sha256_prefix", "is not 8 to 64 hexadecimal digits")
    }
    switch rest.removeValue(forKey: "bytes") {
    case nil: bytes = nil
    case .int(let count)? where count > 0: bytes = count
    case let other?: throw .indexField(index, name, "bytes", "must be a positive integer, not \(other)")
    }
    licence = try needed("licence")
    switch rest.removeValue(forKey: "commercial") {
    case nil: isCommercialUseAllowed = false
    case .bool(let flag)?: isCommercialUseAllowed = flag
    case let other?: throw .indexField(index, name, "commercial", "must be true or false, not \(other.kind)")
    }
    recipe = try text("recipe") ?? ""
    switch rest.removeValue(forKey: "outputs") {
    case nil: outputs = []
    case .object(let ports)?:
      var list: [(name: String, type: String)] = []
      for (port, type) in ports.sorted(by: { $0.key < $1.key }) {
        guard case .string(let type) = type, (try? ValueType(parsing: type)) != nil else {
          throw .indexField(index, name, "outputs", "\"\(port)\" has no type")
        }
        list.append((port, type))
      }
      outputs = list
    case let other?: throw .indexField(index, name, "outputs", "must be types by port, not \(other.kind)")
    }
    if let unknown = rest.keys.sorted().first { throw .indexField(index, name, unknown, "is unknown") }
  }

  /// Whether a name can be that of a file in a folder of its own.
  static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 128 && !name.hasPrefix(".")
      && name.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "._-".unicodeScalars.contains($0))
      }
  }
}
