import Language
import Tensors

/// Statistics of the results of nodes whose path matches a pattern: what `--probe 'paint/**'` prints.
public final class Probe: RunObserver {
  public struct Statistics: Sendable {
    public var minimum = Double.infinity
    public var maximum = -Double.infinity
    public var sum = 0.0
    public var count = 0
    public var nanCount = 0
    /// Times the node ran.
    public var runs = 0
    public var shape: [Int] = []
    public var mean: Double { count > nanCount ? sum / Double(count - nanCount) : .nan }
  }

  private let pattern: [String]
  /// Whether items of maps and steps are told apart, as in `faces[3]/detect`; else a node counts as one.
  private let isPerItem: Bool
  private let state = Guarded<[String: Statistics]>([:])

  /// `*` stands for anything within one part of a path, `**` for any number of parts.
  public init(_ pattern: String) {
    self.pattern = pattern.split(separator: "/").map(String.init)
    isPerItem = pattern.contains("[")
  }

  public func finished(_ event: NodeEvent) {
    let label = isPerItem ? event.label : NodePath.withoutItems(event.label)
    guard Glob.matches(label.split(separator: "/").map(String.init)[...], pattern[...]) else { return }
    for (index, result) in event.results.enumerated() where result.type.dtype == .f32 {
      let name = event.results.count > 1 ? "\(label).\(index)" : label
      let numbers = UnsafeBufferPointer(
        start: result.bytes.assumingMemoryBound(to: Float.self), count: result.type.count)
      add(numbers, result.type.shape, name)
    }
  }

  private func add(_ numbers: UnsafeBufferPointer<Float>, _ shape: [Int], _ name: String) {
    var own = Statistics()
    for number in numbers {
      if number.isNaN {
        own.nanCount += 1
      } else {
        own.minimum = min(own.minimum, Double(number))
        own.maximum = max(own.maximum, Double(number))
        own.sum += Double(number)
      }
    }
    state.withLock {
      var all = $0[name] ?? Statistics()
      all.minimum = min(all.minimum, own.minimum)
      all.maximum = max(all.maximum, own.maximum)
      all.sum += own.sum
      all.nanCount += own.nanCount
      all.count += numbers.count
      all.runs += 1
      all.shape = shape
      $0[name] = all
    }
  }

  /// Paths and what was seen, sorted by path.
  public var results: [(path: String, statistics: Statistics)] {
    state.withLock { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }
}

/// Patterns over paths.
enum Glob {
  static func matches(_ parts: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return parts.isEmpty }
    if first == "**" {
      return (parts.startIndex...parts.endIndex).contains { matches(parts[$0...], pattern.dropFirst()) }
    }
    guard let part = parts.first, word(Array(part.unicodeScalars)[...], Array(first.unicodeScalars)[...]) else {
      return false
    }
    return matches(parts.dropFirst(), pattern.dropFirst())
  }

  private static func word(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return (text.startIndex...text.endIndex).contains { word(text[$0...], pattern.dropFirst()) }
    }
    guard let scalar = text.first, scalar == first || first == "?" else { return false }
    return word(text.dropFirst(), pattern.dropFirst())
  }
}
