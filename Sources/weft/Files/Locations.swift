import FoundationEssentials
import Graph
import Models

/// Where things are: graphs that came with the program, the user's own, caches.
enum Locations {
  private static let environment = ProcessInfo.processInfo.environment

  /// `WEFT_PATH`, then the `Graphs` that came with the binary: beside it (`share/weft/Graphs` when installed) or in the
  /// checkout it was built in.
  static let searchPaths: [String] = {
    let own = environment["WEFT_PATH"].map { $0.split(separator: ":").map(String.init) } ?? []
    return own + [shipped].compactMap { $0 }
  }()

  /// The folder of shipped graphs.
  static let shipped: String? = {
    guard let binary = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
    var folder = parent(binary)
    var candidates = [parent(folder) + "/share/weft/Graphs"]
    while folder.count > 1 {
      candidates.append(folder + "/Graphs")
      folder = parent(folder)
    }
    return candidates.first { isFolder($0) }
  }()

  /// Files that stay between runs: `WEFT_HOME`, or the user's cache folder.
  static let home: String = {
    if let home = environment["WEFT_HOME"], !home.isEmpty { return home }
    let base =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? (environment["HOME"] ?? "/tmp") + "/.cache"
    return base + "/weft"
  }()

  static var workingFolder: String { FileManager.default.currentDirectoryPath }

  /// A graph named on the command line: from the working directory, then the search paths.
  static func graph(_ name: String) -> String? { library().resolve(name, from: nil) }

  static func library() -> GraphLibrary {
    GraphLibrary(access: DiskAccess(), searchPaths: searchPaths, models: NamedModels(), sources: [OnnxSource()])
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }
}
