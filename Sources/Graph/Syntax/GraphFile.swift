import Language

/// A graph file (format 1) as written: every part with its place, nothing resolved.
public struct GraphFile: Sendable {
  /// As given to `parse`; the file of every place.
  public let file: String
  public let schema: String?
  public let name: String?
  /// Pinned versions of op sets.
  public let ops: [(name: Located<String>, version: Int)]
  public private(set) var params: [ParamDeclaration]
  /// The files whose params this one has as well: `"*"` among its params. Empty once they are in `params`.
  private(set) var inherited: [Located<String>]
  /// The file's own graph; `doc`, `inputs`, `weights`, `nodes` and `outputs` stand in it.
  public let main: GraphDeclaration
  public let graphs: [GraphDeclaration]

  /// The tree of the file, as far as it can be read, and every fault of its form in file order: `syntax`,
  /// `duplicate-key`, `unknown-key`, `missing-key`, `wrong-kind`, `name`, `reference`, `expression`, `template`…
  /// The tree is nil where the bytes are no JSON object. With faults, parts of it are missing.
  public static func parse(bytes: [UInt8], file: String) -> (GraphFile?, [Fault]) {
    var reader = SyntaxReader(bytes: bytes)
    // Each node is made of its text at once: those of a large graph, all at a time, would be most of its memory.
    var nodes: [NodeDeclaration] = []
    let (value, faults) = withoutActuallyEscaping({ (member: JSONMember) in
      reader.checkName(of: member, "node")
      if let node = NodeDeclaration(member, reader: &reader) { nodes.append(node) }
    }) { take in JSON.read(bytes, file: file, handing: HandedMembers(key: "nodes", take: take)) }
    guard let value else { return (nil, faults) }
    let tree = GraphFile(value, nodes: nodes, file: file, reader: &reader)
    return (tree, Diagnostics.sorted(faults + reader.faults))
  }

  init(file: String, main: GraphDeclaration) {
    self.file = file
    self.main = main
    schema = nil
    name = nil
    ops = []
    params = []
    inherited = []
    graphs = []
  }

  /// - Parameter nodes: of the file's own graph, which are not in `value`.
  private init?(_ value: JSONValue, nodes: [NodeDeclaration], file: String, reader: inout SyntaxReader) {
    // A library holds nothing but graphs; whatever has nodes has outputs.
    let isLibrary = value["graphs"] != nil && value["nodes"] == nil
    guard
      let fields = reader.fields(
        of: value, "the file", keys: GraphKeys.file, required: isLibrary ? ["format"] : ["format", "outputs"])
    else { return nil }
    self.file = file
    if let format = fields["format"] { GraphFile.checkFormat(format, reader: &reader) }
    schema = reader.string(fields["$schema"])?.value
    name = reader.string(fields["name"])?.value
    ops = GraphFile.readOps(fields["ops"], reader: &reader)
    (params, inherited) = GraphFile.readParams(fields["params"], reader: &reader)
    main = GraphDeclaration(name: nil, place: value.place, fields: fields, nodes: nodes, reader: &reader)
    var graphs: [GraphDeclaration] = []
    for member in reader.declarations(fields["graphs"], "graph") {
      if let graph = GraphDeclaration(member, reader: &reader) { graphs.append(graph) }
    }
    self.graphs = graphs
    reportSharedNames(reader: &reader)
  }

  private static func checkFormat(_ member: JSONMember, reader: inout SyntaxReader) {
    guard case .number(let number) = member.value.kind else {
      return reader.report(.wrongKind(for: "\"format\"", "the number 1", member.value))
    }
    if number.int != 1 { reader.report(.unknownFormat(number.text, at: member.value.place)) }
  }

  private static func readOps(_ member: JSONMember?, reader: inout SyntaxReader) -> [(
    name: Located<String>, version: Int
  )] {
    var ops: [(name: Located<String>, version: Int)] = []
    for entry in reader.declarations(member, "op set") {
      guard let version = reader.count(entry) else { continue }
      ops.append((Located(entry.key, at: entry.keyPlace), version))
    }
    return ops
  }

  private static func readParams(
    _ member: JSONMember?, reader: inout SyntaxReader
  ) -> ([ParamDeclaration], inherited: [Located<String>]) {
    var entries = member?.value.members ?? []
    let star = entries.firstIndex { $0.key == "*" }.map { entries.remove(at: $0) }
    var inherited: [Located<String>] = []
    for file in star.map({ $0.value.elements ?? [$0.value] }) ?? [] {
      if let path = reader.string(JSONMember("*", at: file.place, file)) { inherited.append(path) }
    }
    var rest = member
    if star != nil { rest?.value.kind = .object(entries) }
    let params = reader.declarations(rest, "param").compactMap { entry in
      ParamDeclaration(entry, inherits: star != nil, reader: &reader)
    }
    return (params, inherited)
  }

  /// The file with the params of others: its own first, completed, then theirs in their order; of several of one name
  /// the first. Faults where a name is an input's too, or a param without a type is nobody's.
  func inheriting(_ others: [GraphFile]) -> (GraphFile, [Fault]) {
    var given: [String: ParamDeclaration] = [:]
    var names: [String] = []
    for param in others.flatMap(\.params) where given[param.name] == nil {
      given[param.name] = param
      names.append(param.name)
    }
    var result = self
    result.inherited = []
    var faults: [Fault] = []
    result.params = params.compactMap { own in
      if let other = given[own.name] { return own.completed(by: other) }
      if own.isPartial { faults.append(.nobodysParam(own, names)) }
      return own.isPartial ? nil : own
    }
    let own = Set(params.map(\.name))
    result.params += names.filter { !own.contains($0) }.compactMap { given[$0] }
    return (result, faults + result.sharedNames(except: own))
  }

  /// Params and inputs are set alike on the command line.
  private func reportSharedNames(reader: inout SyntaxReader) {
    for fault in sharedNames() { reader.report(fault) }
  }

  private func sharedNames(except known: Set<String> = []) -> [Fault] {
    var places: [String: Place] = [:]
    for param in params where !known.contains(param.name) { places[param.name] = param.place }
    return main.inputs.compactMap { input in
      guard let place = places[input.name] else { return nil }
      // A param of another file: the input stands here.
      let later = place.file == file ? max(place, input.place) : input.place
      return .duplicateName(input.name, at: later, first: later == place ? input.place : place)
    }
  }
}
