import Synchronization

/// A text file that a person wrote. A number that stands for the path: there are many places in a file, and with the path
/// itself in each they would be twice the size, and counted references.
public struct SourceFile: Sendable, Hashable {
  private let number: UInt32

  /// - Parameter path: as the user named it. One path is one file; paths are never forgotten.
  public init(_ path: String) {
    number = SourceFile.known.withLock { known in
      if let number = known.numbers[path] { return number }
      let number = UInt32(known.paths.count)
      known.paths.append(path)
      known.numbers[path] = number
      return number
    }
  }

  /// As the user named it.
  public var path: String { SourceFile.known.withLock { $0.paths[Int(number)] } }

  private struct Known {
    var paths: [String] = []
    var numbers: [String: UInt32] = [:]
  }

  private static let known = Mutex(Known())
}
