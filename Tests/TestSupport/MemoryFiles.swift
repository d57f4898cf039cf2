import Graph
import Language

/// Files that exist only in a test: graphs by path, pictures and weight files by what their headers say.
public struct MemoryFiles: FileAccess, FileProbe {
  public var texts: [String: String] = [:]
  public var images: [String: ImageType] = [:]
  public var weights: [String: [String: TensorType]] = [:]

  public init() {}

  public func read(_ path: String) -> [UInt8]? { texts[path].map { Array($0.utf8) } }

  public func exists(_ path: String) -> Bool { texts[path] != nil || images[path] != nil || weights[path] != nil }

  public func list(_ folder: String) -> [String] {
    let paths = Array(texts.keys) + images.keys + weights.keys
    return paths.compactMap { path in
      let slash = path.lastIndex(of: "/")
      guard (slash.map { String(path[..<$0]) } ?? "") == folder else { return nil }
      return slash.map { String(path[path.index(after: $0)...]) } ?? path
    }
  }

  public func image(_ path: String) -> ImageType? { images[path] }

  public func weights(_ path: String) throws(Fault) -> [String: TensorType]? { weights[path] }
}
