import Graph

/// `weft run GRAPH --help` is made from the graph, not from the command.
enum GraphHelp {
  /// The page, when the arguments ask for the help of a graph that can be read.
  static func page(_ arguments: [String]) -> String? {
    guard arguments.count >= 2, ["run", "plan", "check"].contains(arguments[0]),
      arguments.contains("--help") || arguments.contains("-h"),
      let name = arguments.dropFirst().first(where: { !$0.hasPrefix("-") }),
      case let library = Locations.library(), let path = library.resolve(name, from: nil),
      let file = library.parse(path).0
    else { return nil }
    return GraphManual.page(file, command: "weft \(arguments[0]) \(name)")
      + "\n\n`weft help \(arguments[0])` lists the options of the command."
  }
}
