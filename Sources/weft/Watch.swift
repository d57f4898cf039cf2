import FoundationEssentials
import Glibc
import Graph
import Workers

/// `--watch`: looks at the graph file, what it calls, and the given files, four times a second.
enum Watch {
  static func stamp(_ options: GraphOptions) -> [String: Date] {
    var files = [Locations.graph(options.target.file) ?? options.target.file]
    for value in options.values {
      guard let equals = value.firstIndex(of: "=") else { continue }
      files.append(String(value[value.index(after: equals)...]))
    }
    files += Locations.searchPaths.flatMap { folder in
      ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).map { folder + "/" + $0 }
    }.filter { $0.hasSuffix(".json") }
    var stamp: [String: Date] = [:]
    for file in files {
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      if let date = attributes?[.modificationDate] as? Date { stamp[file] = date }
    }
    return stamp
  }

  /// False when the wait was cancelled.
  static func waitForChange(_ options: GraphOptions, since stamp: [String: Date], _ cancel: CancelToken) -> Bool {
    while !cancel.isCancelled {
      usleep(250_000)
      if Watch.stamp(options) != stamp { return true }
    }
    return false
  }
}
