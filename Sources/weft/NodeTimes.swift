import Engine
import Graph
import Synchronization

/// Adds up time and bytes per node for a drawing: of a run that is under way, or of a trace that one wrote.
final class NodeTimes: EngineObserver {
  private struct Sum {
    var seconds = 0.0
    var bytes = 0
    var isCached: Bool
  }

  private let sums = Mutex<[String: Sum]>([:])

  func happened(_ event: EngineEvent) {
    switch event {
    case .finished(let node) where node.alsoPaths.isEmpty:
      add(node.path, node.seconds, node.bytes, isCached: node.isFromCache)
    case .program(let path, _, _, let start, let end, let bytes, _):
      add(path, Double(end - start) / 1e9, bytes, isCached: false)
    case .cached(let path, _): add(path, 0, 0, isCached: true)
    default: break
    }
  }

  func add(_ path: String, _ seconds: Double, _ bytes: Int, isCached: Bool) {
    let node = NodeTimes.node(path)
    sums.withLock {
      $0[node, default: Sum(isCached: true)].seconds += seconds
      $0[node]!.bytes = max($0[node]!.bytes, bytes)
      // Cached as a whole only if no item of a map had to run.
      $0[node]!.isCached = $0[node]!.isCached && isCached
    }
  }

  /// The node that a path of a run stands for: without the numbers of items (`faces[3]/detect`) and the mark of
  /// gradients, which count for their node.
  private static func node(_ path: String) -> String {
    var name = ""
    var isInIndex = false
    for character in path {
      switch character {
      case "[": isInIndex = true
      case "]" where isInIndex: isInIndex = false
      default: if !isInIndex { name.append(character) }
      }
    }
    return name.hasSuffix("'") ? String(name.dropLast()) : name
  }

  /// Notes by box: a call of another file holds what is inside it.
  func notes(_ drawing: Drawing) -> [String: DotWriter.Note] {
    var notes: [String: DotWriter.Note] = [:]
    let sums = sums.withLock { $0 }
    for (path, sum) in sums {
      let box = drawing.box(of: path)
      var note = notes[box] ?? DotWriter.Note(seconds: 0, bytes: 0, isCached: true)
      note.seconds = (note.seconds ?? 0) + sum.seconds
      note.bytes = max(note.bytes ?? 0, sum.bytes)
      note.isCached = note.isCached && sum.isCached
      notes[box] = note
    }
    let total = notes.values.reduce(0) { $0 + ($1.seconds ?? 0) }
    for (box, note) in notes where total > 0 {
      notes[box]!.share = (note.seconds ?? 0) / total
    }
    for box in CriticalPath.boxes(drawing, seconds: notes.mapValues { $0.seconds ?? 0 }) {
      notes[box, default: DotWriter.Note()].isCritical = true
    }
    return notes
  }
}

/// The chain of boxes that takes longest.
enum CriticalPath {
  static func boxes(_ drawing: Drawing, seconds: [String: Double]) -> [String] {
    var sources: [String: [String]] = [:]
    for edge in drawing.edges { sources[edge.to, default: []].append(edge.from) }
    var best: [String: (seconds: Double, from: String?)] = [:]
    var underway = Set<String>()
    func visit(_ box: String) -> Double {
      if let known = best[box] { return known.seconds }
      // Loop bodies feed their own box; an edge back counts as nothing.
      guard underway.insert(box).inserted else { return 0 }
      var longest = 0.0
      var from: String?
      for source in sources[box] ?? [] {
        let time = visit(source)
        if from == nil || time > longest { (longest, from) = (time, source) }
      }
      underway.remove(box)
      best[box] = (longest + (seconds[box] ?? 0), from)
      return best[box]!.seconds
    }
    let ends = Set(drawing.edges.map(\.to)).subtracting(drawing.edges.map(\.from)).sorted()
    guard let end = ends.max(by: { visit($0) < visit($1) }) else { return [] }
    var path: [String] = []
    var box: String? = end
    while let at = box, !path.contains(at) {
      path.append(at)
      box = best[at]?.from
    }
    return path
  }
}
