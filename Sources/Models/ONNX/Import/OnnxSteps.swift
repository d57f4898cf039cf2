import Language

/// Operators of the default domain that together stand for a node of another one, as in the body of a function.
struct OnnxSteps {
  private let scope: OnnxScope
  /// A set in which the operators that are used here mean what they mean today.
  private static let opset = 18

  init(_ node: OnnxNode) {
    scope = OnnxScope(
      node.importer, node.assembly, opsets: [OperatorSetProto(domain: "", version: OnnxSteps.opset)],
      around: node.scope, prefix: node.scope.prefix + node.title + "/")
  }

  /// The first result of an operator with integers for attributes.
  func callAsFunction(
    _ name: String, _ inputs: [OnnxValue], _ attributes: KeyValuePairs<String, Int> = [:],
    lists: KeyValuePairs<String, [Int]> = [:]
  ) throws(Fault) -> OnnxValue {
    var proto = NodeProto()
    proto.operatorName = name
    proto.outputs = ["\(name)"]
    for (index, value) in inputs.enumerated() {
      proto.inputs.append("\(name):\(index)")
      scope.values["\(name):\(index)"] = value
    }
    for (name, number) in attributes {
      var attribute = AttributeProto()
      (attribute.name, attribute.int, attribute.declaredKind) = (name, number, AttributeProto.Kind.int.rawValue)
      proto.attributes.append(attribute)
    }
    for (name, numbers) in lists {
      var attribute = AttributeProto()
      (attribute.name, attribute.ints, attribute.declaredKind) = (name, numbers, AttributeProto.Kind.ints.rawValue)
      proto.attributes.append(attribute)
    }
    return try OnnxNode(proto, in: scope).results()[0]
  }
}
