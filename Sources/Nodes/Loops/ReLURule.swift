import Language

/// Rewrites the body of a loop so that every rectifier in it passes its gradient on by another rule: networks stay as
/// they are written, imported ones included.
enum ReLURule {
  static let param = Param(
    "relu", .choice(["exact", "deconvnet", "guided", "redirect"]), default: .string("exact"),
    "how rectifiers pass the gradient on; see nn.modified_relu")

  static func apply(_ rule: String, to program: LoopSite.Program) throws(Fault) -> LoopSite.Program {
    guard rule != "exact" else { return program }
    let modified = try Registry.linked.op("nn.modified_relu")
    let (attributes, _) = modified.attributes(["rule": .string(rule)])
    let body = program.body.replacing { node in
      guard node.op.name == "nn.relu" else { return nil }
      return Region.Node(
        op: modified, attributes: attributes, operands: node.operands, results: node.results, label: node.label)
    }
    return LoopSite.Program(
      body: body, sources: program.sources, streams: program.streams, outputs: program.outputs)
  }
}
