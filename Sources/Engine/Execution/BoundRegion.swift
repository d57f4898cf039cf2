import Graph
import Language
import Tensors

/// Where an input of a region comes from: a value, or an element somewhere inside a list value.
struct RegionSource: Sendable, Hashable {
  let value: Int
  let path: [Int]
}

/// What a bound region depends on, for memoising: the same part of the same graph with values of the same types.
struct RegionKey: Hashable, Sendable {
  let unit: Int
  let outputs: [Int]
  let inputs: [Int]
  let types: [ValueType]
}

/// A component, or a part of one, with concrete types, compiled.
struct BoundRegion: Sendable {
  let region: Region
  let executable: any Executable
  let sources: [RegionSource]
  let outputTypes: [ValueType]
}

extension Value {
  /// What a numeric op reads of the value.
  var memory: Tensor? {
    switch self {
    case .tensor(let tensor): tensor
    case .image(let image): image.pixels
    case .number(let number): Tensor.scalar(Float(number))
    case .int(let number): Tensor.scalar(Float(number))
    case .bool(let flag): Tensor.scalar(flag ? 1 : 0)
    default: nil
    }
  }

  /// The value's own type; what its numbers mean is taken from the type that was inferred for it.
  func concreteType(_ inferred: ValueType) -> ValueType? {
    switch self {
    case .image(let image):
      return .image(ImageType(format: image.format, height: Dim(image.height), width: Dim(image.width)))
    case .tensor, .number, .int, .bool:
      guard let tensor = memory else { return nil }
      return .tensor(
        TensorType(
          dtype: tensor.dtype, shape: tensor.shape.map { Dim($0) }, meaning: inferred.tensor?.meaning ?? Meaning()))
    default: return nil
    }
  }

  /// A value from the memory that a region filled.
  init(_ tensor: Tensor, as type: ValueType) {
    if case .image(let image) = type, let format = image.format {
      self = .image(Image(format: format, pixels: tensor))
    } else {
      self = .tensor(tensor)
    }
  }
}

extension ValueType {
  /// The type of the element at `index` of a list type.
  func element(_ index: Int) -> ValueType {
    switch self {
    case .list(let element): element
    case .tuple(let elements): elements.indices.contains(index) ? elements[index] : .any
    case .optional(let inner): inner.element(index)
    default: .any
    }
  }
}

/// Builds a region from nodes of a flat graph and the values that arrive: type inference again, with numbers.
struct RegionBuilder {
  let graph: FlatGraph
  /// Values that come from outside, by index.
  let values: [Int: Value]
  /// Of random nodes, see `Region.Node.position`.
  let positions: [Int: Digest]
  var emitter: Emitter
  private(set) var sources: [RegionSource] = []
  private(set) var tensors: [Tensor] = []
  private var inputs: [RegionSource: ValueID] = [:]
  private(set) var defined: ValueTable

  /// - Parameter expected: nodes that will be added.
  init(_ graph: FlatGraph, expected: Int, values: [Int: Value], positions: [Int: Digest], registry: Registry) {
    self.graph = graph
    defined = ValueTable(expected: expected, of: graph.types.count)
    self.values = values
    self.positions = positions
    emitter = Emitter(registry: registry)
  }

  mutating func add(_ index: Int, pathPrefix: String) throws(Fault) {
    let node = graph.nodes[index]
    let path = NodePath.join(pathPrefix, node.path)
    do throws(Fault) {
      var operands: [[ValueID]] = []
      for (port, list) in node.operands.enumerated() {
        var ids: [ValueID] = []
        for operand in list {
          try resolve(operand, node, node.op.inputs.indices.contains(port) ? node.op.inputs[port].name : "", &ids)
        }
        operands.append(ids)
      }
      let results = try emitter.emit(
        node.op, operands, node.attributes, label: path, position: positions[index])
      guard results.count == node.results.count else {
        throw Fault.resultCount(node.op.name, results.count, node.results.count)
      }
      for (value, id) in zip(node.results, results) { defined[value] = id }
    } catch { throw error.inside(node, path) }
  }

  private mutating func resolve(
    _ operand: FlatGraph.Operand, _ node: FlatGraph.Node, _ port: String, _ ids: inout [ValueID]
  ) throws(Fault) {
    switch operand {
    case .value(let index):
      if let id = defined[index] {
        ids.append(id)
      } else {
        try input(values[index] ?? .none, RegionSource(value: index, path: []), graph.types[index], node, port, &ids)
      }
    case .constant(let value): try constant(value, node, port, &ids)
    case .list(let items): for item in items { try resolve(item, node, port, &ids) }
    case .item(.list(let items), let index) where items.indices.contains(index):
      try resolve(items[index], node, port, &ids)
    case .item(let list, let position):
      guard let (index, path) = Self.element(list) else { throw Fault.noItem(position, "a constant") }
      var value = values[index] ?? .none
      var type = graph.types[index]
      for step in path + [position] {
        guard case .list(let items) = value, items.indices.contains(step) else {
          throw Fault.noItem(step, value.kind)
        }
        value = items[step]
        type = type.element(step)
      }
      try input(value, RegionSource(value: index, path: path + [position]), type, node, port, &ids)
    }
  }

  private static func element(_ operand: FlatGraph.Operand) -> (Int, [Int])? {
    switch operand {
    case .value(let index): return (index, [])
    case .item(let list, let position): return element(list).map { ($0.0, $0.1 + [position]) }
    case .constant, .list: return nil
    }
  }

  private mutating func input(
    _ value: Value, _ source: RegionSource, _ type: ValueType, _ node: FlatGraph.Node, _ port: String,
    _ ids: inout [ValueID]
  ) throws(Fault) {
    if case .list(let items) = value {
      for (index, item) in items.enumerated() {
        let inner = RegionSource(value: source.value, path: source.path + [index])
        try input(item, inner, type.element(index), node, port, &ids)
      }
      return
    }
    if value.isNone { return }
    if let known = inputs[source] { return ids.append(known) }
    guard let tensor = value.memory, let concrete = value.concreteType(type) else {
      throw .notNumeric(node.op.name, port: port, value.kind)
    }
    let id = emitter.input(concrete)
    inputs[source] = id
    sources.append(source)
    tensors.append(tensor)
    ids.append(id)
  }

  private mutating func constant(
    _ value: Value, _ node: FlatGraph.Node, _ port: String, _ ids: inout [ValueID]
  ) throws(Fault) {
    switch value {
    case .none: return
    case .list(let items): for item in items { try constant(item, node, port, &ids) }
    default:
      guard let tensor = value.memory else { throw .notNumeric(node.op.name, port: port, value.kind) }
      ids.append(emitter.constant(tensor))
    }
  }
}

extension Value {
  /// The element that a region's input reads.
  func at(_ path: [Int]) -> Value? {
    var value = self
    for step in path {
      guard case .list(let items) = value, items.indices.contains(step) else { return nil }
      value = items[step]
    }
    return value
  }
}
