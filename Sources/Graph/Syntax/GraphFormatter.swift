import Language

/// The canonical layout of a graph file (`weft fmt`): keys in the order of `GraphKeys`, a line per node where it fits
/// in 120 columns, entries that people name (nodes, params, graphs…) in the order they wrote them. Nothing but order
/// and layout changes, and formatting twice changes nothing more.
public enum GraphFormatter {
  /// - Parameter root: of a file whose form need not be right; keys that are unknown go to the end.
  public static func format(_ root: JSONValue) -> String {
    JSON.pretty(ordered(root, keys: GraphKeys.file, parts: fileParts), isBroken: isBroken)
  }

  private static let graphParts = [
    "inputs": GraphKeys.input, "nodes": GraphKeys.node, "outputs": GraphKeys.output,
  ]
  private static let fileParts = graphParts.merging(["params": GraphKeys.param, "graphs": GraphKeys.graph]) { $1 }

  /// - Parameter parts: the keys whose values map names to objects, and the keys of those objects.
  private static func ordered(_ value: JSONValue, keys: [String], parts: [String: [String]]) -> JSONValue {
    guard let members = value.members else { return value }
    var result = value
    result.kind = .object(
      sorted(members, keys).map { member in
        var member = member
        if let inner = parts[member.key], case .object(let entries) = member.value.kind {
          member.value.kind = .object(
            entries.map { entry in
              var entry = entry
              entry.value = ordered(entry.value, keys: inner, parts: member.key == "graphs" ? graphParts : [:])
              return entry
            })
        } else if member.key == "weights", case .object(let entries) = member.value.kind {
          member.value.kind = .object(sorted(entries, GraphKeys.weights))
        }
        return member
      })
    return result
  }

  /// Known keys in their order, then the others as they stood.
  private static func sorted(_ members: [JSONMember], _ keys: [String]) -> [JSONMember] {
    let rank = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    return members.enumerated().sorted { a, b in
      (rank[a.element.key] ?? keys.count, a.offset) < (rank[b.element.key] ?? keys.count, b.offset)
    }.map(\.element)
  }

  /// What people read line by line never shrinks to one line.
  private static func isBroken(_ path: [String]) -> Bool {
    switch path.count {
    case 0: true
    case 1: ["params", "nodes", "graphs"].contains(path[0])
    case 2: path[0] == "graphs"
    case 3: path[0] == "graphs" && path[2] == "nodes"
    default: false
    }
  }
}
