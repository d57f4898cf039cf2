import Tensors

/// The messages of an ONNX file (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), those parts of them that say
/// what is computed.
struct ModelProto: WireMessage {
  var irVersion = 0
  var producer = ""
  var doc = ""
  var graph: GraphProto?
  var opsets: [OperatorSetProto] = []
  var functions: [FunctionProto] = []

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: irVersion = try field.int()
    case 2: producer = try field.text(context.buffer)
    case 6: doc = try field.text(context.buffer)
    case 7: graph = try context.message(GraphProto.self, field)
    case 8: opsets.append(try context.message(OperatorSetProto.self, field))
    case 25: functions.append(try context.message(FunctionProto.self, field))
    default: break
    }
  }
}

/// A version of the operators of a domain.
struct OperatorSetProto: WireMessage {
  var domain = ""
  var version = 0

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: domain = try field.text(context.buffer)
    case 2: version = try field.int()
    default: break
    }
  }
}

struct GraphProto: WireMessage {
  var name = ""
  var doc = ""
  var nodes: [NodeProto] = []
  var initializers: [TensorProto] = []
  var sparseInitializers: [SparseTensorProto] = []
  var inputs: [ValueInfoProto] = []
  var outputs: [ValueInfoProto] = []
  var values: [ValueInfoProto] = []

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: nodes.append(try context.message(NodeProto.self, field))
    case 2: name = try field.text(context.buffer)
    case 5: initializers.append(try context.message(TensorProto.self, field))
    case 10: doc = try field.text(context.buffer)
    case 11: inputs.append(try context.message(ValueInfoProto.self, field))
    case 12: outputs.append(try context.message(ValueInfoProto.self, field))
    case 13: values.append(try context.message(ValueInfoProto.self, field))
    case 15: sparseInitializers.append(try context.message(SparseTensorProto.self, field))
    default: break
    }
  }
}

/// Operators with a name: a node of that name stands for the nodes in it.
struct FunctionProto: WireMessage {
  var name = ""
  var domain = ""
  var overload = ""
  var inputs: [String] = []
  var outputs: [String] = []
  /// Attributes that a use must give, and those with defaults.
  var attributes: [String] = []
  var defaults: [AttributeProto] = []
  var nodes: [NodeProto] = []
  var opsets: [OperatorSetProto] = []

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: name = try field.text(context.buffer)
    case 4: inputs.append(try field.text(context.buffer))
    case 5: outputs.append(try field.text(context.buffer))
    case 6: attributes.append(try field.text(context.buffer))
    case 7: nodes.append(try context.message(NodeProto.self, field))
    case 9: opsets.append(try context.message(OperatorSetProto.self, field))
    case 10: domain = try field.text(context.buffer)
    case 11: defaults.append(try context.message(AttributeProto.self, field))
    case 13: overload = try field.text(context.buffer)
    default: break
    }
  }
}
