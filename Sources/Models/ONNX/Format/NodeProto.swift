import Tensors

/// A use of an operator.
struct NodeProto: WireMessage {
  /// Names of values; empty for an optional one that is left out.
  var inputs: [String] = []
  var outputs: [String] = []
  var name = ""
  var operatorName = ""
  var domain = ""
  var overload = ""
  var attributes: [AttributeProto] = []

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: inputs.append(try field.text(context.buffer))
    case 2: outputs.append(try field.text(context.buffer))
    case 3: name = try field.text(context.buffer)
    case 4: operatorName = try field.text(context.buffer)
    case 5: attributes.append(try context.message(AttributeProto.self, field))
    case 7: domain = try field.text(context.buffer)
    case 8: overload = try field.text(context.buffer)
    default: break
    }
  }
}

struct AttributeProto: WireMessage {
  enum Kind: Int {
    case undefined, float, int, string, tensor, graph, floats, ints, strings, tensors, graphs, sparseTensor
    case sparseTensors, type, types
  }

  var name = ""
  /// Inside a function: the attribute of its use that this one takes its value from.
  var reference = ""
  var declaredKind = 0
  var float: Float = 0
  var int = 0
  var string = ""
  var tensor: TensorProto?
  var graph: GraphProto?
  var floats: [Float] = []
  var ints: [Int] = []
  var strings: [String] = []
  private var seen = Kind.undefined

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: name = try field.text(context.buffer)
    case 2: (float, seen) = (try field.float(), .float)
    case 3: (int, seen) = (try field.int(), .int)
    case 4: (string, seen) = (try field.text(context.buffer), .string)
    case 5: (tensor, seen) = (try context.message(TensorProto.self, field), .tensor)
    case 6: (graph, seen) = (try context.message(GraphProto.self, field), .graph)
    case 7:
      floats += try field.floats(context.buffer)
      seen = .floats
    case 8:
      ints += try field.ints(context.buffer)
      seen = .ints
    case 9:
      strings.append(try field.text(context.buffer))
      seen = .strings
    case 10: seen = .tensors
    case 11: seen = .graphs
    case 14: seen = .type
    case 15: seen = .types
    case 20: declaredKind = try field.int()
    case 21: reference = try field.text(context.buffer)
    case 22: seen = .sparseTensor
    case 23: seen = .sparseTensors
    default: break
    }
  }

  /// As declared; files of the first versions do not say, and hold just one.
  var kind: Kind { declaredKind == 0 ? seen : Kind(rawValue: declaredKind) ?? .undefined }
}

/// A value with its type.
struct ValueInfoProto: WireMessage {
  var name = ""
  var type: TypeProto?

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: name = try field.text(context.buffer)
    case 2: type = try context.message(TypeProto.self, field)
    default: break
    }
  }
}

/// The type of a value: a tensor, or something else by name.
struct TypeProto: WireMessage {
  struct Extent: WireMessage {
    var value: Int?
    var name: String?

    mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
      switch field.number {
      case 1: value = try field.int()
      case 2: name = try field.text(context.buffer)
      default: break
      }
    }
  }

  struct Shape: WireMessage {
    var extents: [Extent] = []

    mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
      if field.number == 1 { extents.append(try context.message(Extent.self, field)) }
    }
  }

  struct Tensor: WireMessage {
    var elementType = 0
    var shape: Shape?

    mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
      switch field.number {
      case 1: elementType = try field.int()
      case 2: shape = try context.message(Shape.self, field)
      default: break
      }
    }
  }

  var tensor: Tensor?
  /// What it is when it is no tensor.
  var other: String?

  mutating func read(_ field: WireReader.Field, _ context: WireContext) throws(WireFailure) {
    switch field.number {
    case 1: tensor = try context.message(Tensor.self, field)
    case 4: other = "a sequence"
    case 5: other = "a map"
    case 8: other = "a sparse tensor"
    case 9: other = "an optional value"
    default: break
    }
  }
}
