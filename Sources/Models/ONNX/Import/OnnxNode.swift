import Language
import Tensors

/// One use of an operator during import: its inputs, attributes and the ops it becomes.
final class OnnxNode {
  let proto: NodeProto
  let scope: OnnxScope
  /// nil for an optional one that is left out.
  let inputs: [OnnxValue?]
  /// The version of the operator's definition.
  let opset: Int
  private let attributes: [String: AttributeProto]
  /// Attributes that a rule has asked for.
  private var read = Set<String>()

  init(_ proto: NodeProto, in scope: OnnxScope) throws(Fault) {
    self.proto = proto
    self.scope = scope
    guard let opset = scope.opset(proto.domain) else {
      throw .onnx(scope.file, proto, "is of the domain \"\(proto.domain)\", of which the model names no version")
    }
    self.opset = opset
    var inputs: [OnnxValue?] = []
    for name in proto.inputs {
      if name.isEmpty {
        inputs.append(nil)
      } else if let value = scope.value(name) {
        inputs.append(value)
      } else {
        throw .onnx(scope.file, proto, "reads \"\(name)\", which nothing before it makes")
      }
    }
    self.inputs = inputs
    var attributes: [String: AttributeProto] = [:]
    for attribute in proto.attributes {
      var given = attribute
      if !attribute.reference.isEmpty {
        // Of the function's use; left out there, left out here.
        guard let outer = scope.attributes[attribute.reference] else { continue }
        given = outer
        given.name = attribute.name
      }
      if attributes.updateValue(given, forKey: attribute.name) != nil {
        throw .onnx(scope.file, proto, "has the attribute \"\(attribute.name)\" twice")
      }
    }
    self.attributes = attributes
  }

  /// The same node seen from inside a body of its own.
  init(_ outer: OnnxNode, in assembly: any GraphAssembly) {
    proto = outer.proto
    inputs = outer.inputs
    opset = outer.opset
    attributes = outer.attributes
    scope = OnnxScope(
      outer.importer, assembly, opsets: outer.scope.opsets, parent: outer.scope, attributes: outer.scope.attributes,
      prefix: outer.scope.prefix)
  }

  /// The same node with other inputs and without some attributes.
  init(_ node: OnnxNode, inputs: [OnnxValue?], without dropped: Set<String>) {
    proto = node.proto
    scope = node.scope
    self.inputs = inputs
    opset = node.opset
    attributes = node.attributes.filter { !dropped.contains($0.key) }
  }

  var operatorName: String { proto.operatorName }
  var assembly: any GraphAssembly { scope.assembly }
  var importer: OnnxImporter { scope.importer }

  /// `Conv`, or `com.microsoft.FusedConv` for an operator of another domain.
  var key: String {
    let domain = OnnxScope.plain(proto.domain)
    return domain.isEmpty ? proto.operatorName : "\(domain).\(proto.operatorName)"
  }

  // MARK: Operands

  /// The input at a place; nil where it is left out.
  func input(_ index: Int) -> OnnxValue? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// The integers at an input: symbols among them.
  func dims(_ index: Int) throws(Fault) -> [Dim]? { try input(index)?.contents()?.all }

  /// The integers at an input, when they are numbers.
  func ints(_ index: Int) throws(Fault) -> [Int]? { try input(index)?.contents()?.values }

  /// The number at an input that holds one.
  func number(_ index: Int) throws(Fault) -> Double? {
    guard let value = input(index), value.isConstant, value.type.concrete.map({ $0.shape.reduce(1, *) == 1 }) == true
    else { return nil }
    return try value.tensor()?.converted(to: .f64).elements(Double.self)[0]
  }

  /// Whether every input that is there is a float32 tensor.
  var isFloat32: Bool { inputs.allSatisfy { $0?.isFloat32 ?? true } }

  // MARK: Attributes

  func has(_ name: String) -> Bool { attributes[name] != nil }

  private func attribute(_ name: String, _ kind: AttributeProto.Kind) throws(Fault) -> AttributeProto? {
    guard let found = attributes[name] else { return nil }
    read.insert(name)
    guard found.kind == kind else {
      throw .onnx(scope.file, proto, "has the attribute \"\(name)\" as \(found.kind.words), not \(kind.words)")
    }
    return found
  }

  func int(_ name: String) throws(Fault) -> Int? { try attribute(name, .int)?.int }
  func float(_ name: String) throws(Fault) -> Double? { try attribute(name, .float).map { Double($0.float) } }
  func string(_ name: String) throws(Fault) -> String? { try attribute(name, .string)?.string }
  func ints(_ name: String) throws(Fault) -> [Int]? { try attribute(name, .ints)?.ints }
  func floats(_ name: String) throws(Fault) -> [Double]? { try attribute(name, .floats)?.floats.map { Double($0) } }
  func tensor(_ name: String) throws(Fault) -> TensorProto? { try attribute(name, .tensor)?.tensor }
  func graph(_ name: String) throws(Fault) -> GraphProto? { try attribute(name, .graph)?.graph }

  /// Says that an attribute has no influence here.
  func ignore(_ names: String...) { read.formUnion(names) }

  // MARK: Results

  /// A use of an op; its first result.
  func emit(
    _ op: String, _ operands: [OnnxValue?], _ settings: [String: Literal] = [:]
  ) throws(Fault) -> OnnxValue {
    try emit(op, ports: operands.map { $0.map { [$0] } ?? [] }, settings)[0]
  }

  /// A use of an op, several operands on a variadic port.
  func emit(
    _ op: String, ports: [[OnnxValue]], _ settings: [String: Literal] = [:]
  ) throws(Fault) -> [OnnxValue] {
    try use(try assembly.registry.op(op), ports: ports, settings).map(scope.imported)
  }

  func use(_ op: Op, ports: [[OnnxValue]], _ settings: [String: Literal]) throws(Fault) -> [GraphValue] {
    var operands: [[GraphValue]] = []
    for port in ports {
      var values: [GraphValue] = []
      for value in port { values.append(try value.value()) }
      operands.append(values)
    }
    return try assembly.add(op, operands, settings, name: importer.path(scope.prefix + title))
  }

  /// A tensor that is part of the graph itself.
  func constant(_ tensor: Tensor) -> OnnxValue { OnnxValue(importer.constant(tensor), in: assembly) }

  /// The node's name in the file, or else that of what it makes.
  var title: String { proto.name.isEmpty ? proto.outputs.first { !$0.isEmpty } ?? proto.operatorName : proto.name }

  /// What the node makes: by its function, by a rule, by folding, or by the eager op of its operator.
  func results() throws(Fault) -> [OnnxValue] {
    let domain = OnnxScope.plain(proto.domain)
    if let function = importer.functions[OnnxImporter.key(domain, proto.operatorName, proto.overload)] {
      return try call(function)
    }
    let eager = assembly.registry[eagerName]
    if let eager, let folded = try constants(eager) { return folded }
    guard let rule = importer.rules[key] else {
      guard let eager else { throw .unknownOperator(scope.file, self) }
      return try self.eager(eager)
    }
    do throws(Fault) {
      if let results = try rule.map(self), attributes.keys.allSatisfy(read.contains) || eager == nil {
        if let left = attributes.keys.filter({ !read.contains($0) }).sorted().first {
          throw .unknownAttribute(scope.file, self, left)
        }
        return results
      }
    } catch {
      guard eager != nil, error.code != "model-file" else { throw error.inModel(scope.file, self) }
    }
    guard let eager else { throw .unsupportedUse(scope.file, self) }
    return try self.eager(eager)
  }

  /// The results, where every input is a number of the file or an extent.
  private func constants(_ op: Op) throws(Fault) -> [OnnxValue]? {
    guard !inputs.isEmpty else { return nil }
    for case let input? in inputs where !input.isConstant {
      guard try input.contents()?.values != nil else { return nil }
    }
    return try folded(op)
  }

  /// The name of the op that covers all of the operator's definition.
  var eagerName: String {
    switch OnnxScope.plain(proto.domain) {
    case "": "onnx.\(proto.operatorName)"
    case "com.microsoft": "onnx.ms.\(proto.operatorName)"
    case let domain: "onnx.\(domain).\(proto.operatorName)"
    }
  }

  func eager(_ op: Op) throws(Fault) -> [OnnxValue] {
    let (ports, settings) = (try ports(of: op), try settings(of: op))
    do throws(Fault) { return try use(op, ports: ports, settings).map(scope.imported) } catch {
      throw error.inModel(scope.file, self)
    }
  }

  private func folded(_ op: Op) throws(Fault) -> [OnnxValue]? {
    let (ports, settings) = (try ports(of: op), try settings(of: op))
    do throws(Fault) {
      return try OnnxFolding.run(op, ports: ports, settings, outputs: proto.outputs.count)?.map(constant)
    } catch { throw error.inModel(scope.file, self) }
  }

  /// The attributes as params of the eager op, and the version of the operators.
  private func settings(of op: Op) throws(Fault) -> [String: Literal] {
    let names = op.params.map(\.name)
    var settings: [String: Literal] = names.contains("opset") ? ["opset": .int(opset)] : [:]
    // How many results a variadic output has.
    if names.contains("outputs") { settings["outputs"] = .int(proto.outputs.count) }
    for (name, attribute) in attributes {
      guard names.contains(name), name != "opset", name != "outputs" else {
        throw .unknownAttribute(scope.file, self, name)
      }
      guard let literal = attribute.literal else {
        throw .onnx(
          scope.file, proto, "has the attribute \"\(name)\" as \(attribute.kind.words), which is not supported")
      }
      settings[name] = literal
    }
    return settings
  }

  /// The inputs by port, those that are left over on a variadic last one.
  func ports(of op: Op) throws(Fault) -> [[OnnxValue]] {
    var ports: [[OnnxValue]] = []
    for (index, port) in op.inputs.enumerated() {
      if port.arity == .variadic {
        ports.append(inputs.dropFirst(index).compactMap { $0 })
        return ports
      }
      ports.append(input(index).map { [$0] } ?? [])
    }
    if let extra = inputs.dropFirst(op.inputs.count).first(where: { $0 != nil }), extra != nil {
      throw .onnx(scope.file, proto, "has \(inputs.count) inputs; \(op.inputs.count) are the most")
    }
    return ports
  }

  /// Opens a function in place.
  private func call(_ function: FunctionProto) throws(Fault) -> [OnnxValue] {
    guard importer.depth < OnnxImporter.maximumDepth else {
      throw .onnx(
        scope.file, proto, "opens functions in each other more than \(OnnxImporter.maximumDepth) levels deep")
    }
    var given = Dictionary(function.defaults.map { ($0.name, $0) }) { first, _ in first }
    for (name, attribute) in attributes {
      guard function.attributes.contains(name) || given[name] != nil else {
        throw .unknownAttribute(scope.file, self, name)
      }
      given[name] = attribute
    }
    importer.depth += 1
    defer { importer.depth -= 1 }
    let inner = OnnxScope(
      importer, assembly, opsets: function.opsets.isEmpty ? scope.opsets : function.opsets, around: scope,
      attributes: given,
      prefix: scope.prefix + title + "/")
    for (name, value) in zip(function.inputs, inputs) { inner.values[name] = value }
    try inner.add(function.nodes)
    var results: [OnnxValue] = []
    for name in function.outputs {
      guard let value = inner.values[name] else {
        throw .onnx(scope.file, proto, "is a function whose output \"\(name)\" nothing makes")
      }
      results.append(value)
    }
    return results
  }
}
