import Language

/// A graph file (format 1) as written: every part with its place, nothing resolved.
public struct GraphFile: Sendable {
  /// As given to `parse`; the file of every place.
  public let file: String
  public let schema: String?
  public let name: String?
  /// Pinned versions of op sets.
  public let ops: [(name: Located<String>, version: Int)]
  public let params: [ParamDeclaration]
  /// The file's own graph; `doc`, `inputs`, `weights`, `nodes` and `outputs` stand in it.
  public let main: GraphDeclaration
  public let graphs: [GraphDeclaration]

  /// The tree of the file, as far as it can be read, and every fault of its form in file order: `syntax`,
  /// `duplicate-key`, `unknown-key`, `missing-key`, `wrong-kind`, `name`, `reference`, `expression`, `template`…
  /// The tree is nil where the bytes are no JSON object. With faults, parts of it are missing.
  public static func parse(bytes: [UInt8], file: String) -> (GraphFile?, [Fault]) {
    let (value, faults) = JSON.read(bytes, file: file)
    guard let value else { return (nil, faults) }
    var reader = SyntaxReader(bytes: bytes)
    let tree = GraphFile(value, file: file, reader: &reader)
    return (tree, Diagnostics.sorted(faults + reader.faults))
  }

  init(file: String, main: GraphDeclaration) {
    self.file = file
    self.main = main
    schema = nil
    name = nil
    ops = []
    params = []
    graphs = []
  }

  private init?(_ value: JSONValue, file: String, reader: inout SyntaxReader) {
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
    var params: [ParamDeclaration] = []
    for member in reader.declarations(fields["params"], "param") {
      if let param = ParamDeclaration(member, reader: &reader) { params.append(param) }
    }
    self.params = params
    main = GraphDeclaration(name: nil, place: value.place, fields: fields, reader: &reader)
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

  /// Params and inputs are set alike on the command line.
  private func reportSharedNames(reader: inout SyntaxReader) {
    var places: [String: Place] = [:]
    for param in params { places[param.name] = param.place }
    for input in main.inputs {
      guard let place = places[input.name] else { continue }
      reader.report(.duplicateName(input.name, at: max(place, input.place), first: min(place, input.place)))
    }
  }
}
