import Language

/// A graph: what a file holds at its top, and each entry under `graphs`.
public struct GraphDeclaration: Sendable {
  /// The key under `graphs`; nil for the file's own graph.
  public let name: String?
  /// Of the key; of the file's first character for its own graph.
  public let place: Place
  public let doc: String?
  public let inputs: [InputDeclaration]
  public let weights: WeightsBinding?
  public let nodes: [NodeDeclaration]
  public let outputs: [OutputDeclaration]
  /// Where the nodes come from, when this stands for a file of another format.
  let foreign: (any ForeignGraph)?

  init(
    name: String?, place: Place, doc: String?, inputs: [InputDeclaration], outputs: [OutputDeclaration],
    foreign: any ForeignGraph
  ) {
    self.name = name
    self.place = place
    self.doc = doc
    self.inputs = inputs
    self.outputs = outputs
    self.foreign = foreign
    weights = nil
    nodes = []
  }

  /// - Parameter nodes: those that were read already; others stand in `fields`.
  init(name: String?, place: Place, fields: Fields, nodes known: [NodeDeclaration] = [], reader: inout SyntaxReader) {
    self.name = name
    self.place = place
    foreign = nil
    doc = reader.string(fields["doc"])?.value
    var inputs: [InputDeclaration] = []
    for member in reader.declarations(fields["inputs"], "input") {
      if let input = InputDeclaration(member, reader: &reader) { inputs.append(input) }
    }
    self.inputs = inputs
    weights = WeightsBinding(fields["weights"], reader: &reader)
    var nodes = known
    for member in reader.declarations(fields["nodes"], "node") {
      if let node = NodeDeclaration(member, reader: &reader) { nodes.append(node) }
    }
    self.nodes = nodes
    var outputs: [OutputDeclaration] = []
    for member in reader.declarations(fields["outputs"], "output") {
      if let output = OutputDeclaration(member, reader: &reader) { outputs.append(output) }
    }
    self.outputs = outputs
  }

  init?(_ member: JSONMember, reader: inout SyntaxReader) {
    let subject = "graph \(JSON.quoted(member.key))"
    guard let fields = reader.fields(of: member.value, subject, keys: GraphKeys.graph, required: ["outputs"]) else {
      return nil
    }
    self.init(name: member.key, place: member.keyPlace, fields: fields, reader: &reader)
  }
}
