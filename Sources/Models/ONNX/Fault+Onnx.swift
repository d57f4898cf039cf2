import Language

/// Wording of what can be wrong with a node of an ONNX file.
extension Fault {
  static func onnx(_ file: String, _ node: NodeProto, _ what: String) -> Fault {
    Fault("model-file", "\(file): \(node.title) \(what)")
  }

  static func unknownOperator(_ file: String, _ node: OnnxNode) -> Fault {
    let names = node.importer.rules.operators + node.assembly.registry.names.compactMap(Fault.operatorName)
    return Fault(
      "unknown-operator",
      "\(file): \(node.proto.title): there is no operator \"\(node.key)\"\(Suggestion.phrase(for: node.key, in: names)) "
        + "in version \(node.opset)")
  }

  private static func operatorName(_ op: String) -> String? {
    if op.hasPrefix("onnx.ms.") { return "com.microsoft." + op.dropFirst("onnx.ms.".count) }
    return op.hasPrefix("onnx.") ? String(op.dropFirst("onnx.".count)) : nil
  }

  static func unknownAttribute(_ file: String, _ node: OnnxNode, _ name: String) -> Fault {
    let names = node.assembly.registry[node.eagerName]?.params.map(\.name) ?? []
    return Fault(
      "unknown-attribute",
      "\(file): \(node.proto.title): the operator has no attribute \"\(name)\"\(Suggestion.phrase(for: name, in: names))"
    )
  }

  static func unsupportedUse(_ file: String, _ node: OnnxNode) -> Fault {
    let types = node.inputs.map { $0.map { "\($0.type)" } ?? "nothing" }.joined(separator: ", ")
    return Fault("unsupported-operator", "\(file): \(node.proto.title) of \(types) is not supported")
  }

  /// The fault of an op, told as one of the node it stands for.
  func inModel(_ file: String, _ node: OnnxNode) -> Fault {
    if ["model-file", "unknown-operator", "unknown-attribute", "unsupported-operator"].contains(code) { return self }
    var fault = self
    fault.message = "\(file): \(node.proto.title): \(message)"
    return fault
  }
}

extension NodeProto {
  /// `Conv "Conv_12"`, or, without a name, by what it makes.
  var title: String {
    let kind = domain.isEmpty ? operatorName : "\(domain).\(operatorName)"
    if !name.isEmpty { return "\(kind) \"\(name)\"" }
    return kind + (outputs.first.map { " that makes \"\($0)\"" } ?? "")
  }
}

extension AttributeProto.Kind {
  /// For messages.
  var words: String {
    switch self {
    case .undefined: "nothing"
    case .float: "a float"
    case .int: "an integer"
    case .string: "a string"
    case .tensor: "a tensor"
    case .graph: "a graph"
    case .floats: "a list of floats"
    case .ints: "a list of integers"
    case .strings: "a list of strings"
    case .tensors: "a list of tensors"
    case .graphs: "a list of graphs"
    case .sparseTensor: "a sparse tensor"
    case .sparseTensors: "a list of sparse tensors"
    case .type: "a type"
    case .types: "a list of types"
    }
  }
}

extension AttributeProto {
  /// The value for a param of an op; nil for what params cannot hold.
  var literal: Literal? {
    switch kind {
    case .float: .float(Double(float))
    case .int: .int(int)
    case .string: .string(string)
    case .floats: .array(floats.map { .float(Double($0)) })
    case .ints: .array(ints.map { .int($0) })
    case .strings: .array(strings.map { .string($0) })
    default: nil
    }
  }
}
