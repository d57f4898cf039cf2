import Language
import Tensors

/// If (ONNX operator set 1, 11, 13 and later): a condition that is known picks its graph at import.
enum OnnxIfRule {
  static let rule = OnnxRule("If") { node throws(Fault) in
    guard let then = try node.graph("then_branch"), let otherwise = try node.graph("else_branch"),
      let condition = node.input(0)
    else { throw .onnx(node.scope.file, node.proto, "needs a condition and two graphs") }
    let count = node.proto.outputs.count
    for graph in [then, otherwise] where graph.outputs.count != count {
      throw .onnx(node.scope.file, node.proto, "has \(count) outputs, but a graph of \(graph.outputs.count)")
    }
    if let known = try condition.contents()?.values, known.count == 1 {
      return try node.open(known[0] != 0 ? then : otherwise, [], in: node.assembly)
    }
    func body(_ graph: GraphProto) -> ForeignBody {
      { (assembly: any GraphAssembly) throws(Fault) -> [GraphValue] in
        var values: [GraphValue] = []
        for value in try node.open(graph, [], in: assembly) { values.append(try value.value()) }
        return values
      }
    }
    return try node.assembly.branch(
      try condition.value(), name: node.importer.path(node.scope.prefix + node.title), then: body(then),
      otherwise: body(otherwise)
    ).map(node.scope.imported)
  }
}

extension OnnxNode {
  /// Opens a graph of this node: what its outputs are for these inputs. It sees the names around the node.
  func open(
    _ graph: GraphProto, _ inputs: [OnnxValue], in assembly: any GraphAssembly
  ) throws(Fault) -> [OnnxValue] {
    guard importer.depth < OnnxImporter.maximumDepth else {
      throw .onnx(scope.file, proto, "opens graphs in each other more than \(OnnxImporter.maximumDepth) levels deep")
    }
    importer.depth += 1
    defer { importer.depth -= 1 }
    let inner = OnnxScope(
      importer, assembly, opsets: scope.opsets, parent: scope, attributes: scope.attributes,
      prefix: scope.prefix + title + "/")
    guard graph.inputs.count == inputs.count else {
      throw .onnx(scope.file, proto, "has a graph of \(graph.inputs.count) inputs where \(inputs.count) are given")
    }
    for (info, value) in zip(graph.inputs, inputs) { inner.values[info.name] = value }
    try inner.add(graph)
    var results: [OnnxValue] = []
    for output in graph.outputs {
      guard let value = inner.value(output.name) else {
        throw .onnx(scope.file, proto, "has a graph whose output \"\(output.name)\" nothing makes")
      }
      results.append(value)
    }
    return results
  }

  /// A use of an operator of the default domain by its eager op.
  func eager(_ name: String, _ operands: [OnnxValue], _ settings: [String: Literal] = [:]) throws(Fault) -> OnnxValue {
    let op = try assembly.registry.op("onnx.\(name)")
    var settings = settings
    if op.params.contains(where: { $0.name == "opset" }) { settings["opset"] = .int(scope.opset("") ?? opset) }
    let ports = op.inputs.last?.arity == .variadic ? [operands] : operands.map { [$0] }
    return try scope.imported(use(op, ports: ports, settings)[0])
  }
}

@used @section("weft_onnx") private let entry: OnnxEntry = { OnnxRules.collect(OnnxIfRule.rule, $0) }
