/// The models that are known by name, whether they are here or not. The program injects one.
public protocol ModelCatalogue: Sendable {
  /// nil for a name that is not known.
  func model(_ name: String) -> KnownModel?
  /// For suggestions.
  var names: [String] { get }
}

/// A model that has a name.
public struct KnownModel: Sendable {
  /// Where it is: a model file, a graph, or a folder; nil until it has been pulled.
  public let path: String?
  /// How to get it: `weft models pull sface`.
  public let pull: String
  /// Its outputs as far as the index tells, by which graphs are checked while it is absent; types as text.
  public let outputs: [(name: String, type: String)]

  public init(path: String?, pull: String, outputs: [(name: String, type: String)] = []) {
    self.path = path
    self.pull = pull
    self.outputs = outputs
  }
}
