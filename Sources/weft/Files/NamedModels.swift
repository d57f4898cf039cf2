import Language
import Models

/// The model index, read when a name is first asked for: most graphs name none.
struct NamedModels: ModelCatalogue {
  private static let index: Result<ModelIndex, Fault> = Result { () throws(Fault) in
    try ModelIndex(searchPaths: Locations.searchPaths, home: Locations.home)
  }

  /// - Throws: when an index is damaged.
  static func open() throws(Fault) -> ModelIndex { try index.get() }

  /// For graphs, where a name may as well be a file's: a damaged index is said once, and knows nothing.
  private static let lenient: ModelIndex? = {
    do throws(Fault) { return try open() } catch {
      Output.error(error.text)
      return nil
    }
  }()

  var names: [String] { NamedModels.lenient?.names ?? [] }

  func model(_ name: String) -> KnownModel? { NamedModels.lenient?.model(name) }
}
