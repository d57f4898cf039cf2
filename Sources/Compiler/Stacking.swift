import Language
import Tensors

/// Rewrites a region for one item as a region for several. What depends on no item is computed once. Nodes whose op
/// has a batch rule take the items stacked along their leading dimension; all others are repeated for each item.
/// Items are stacked and taken apart where the two meet.
struct Stacking {
  /// A value of the single region: one for all items, one per item, or all items in one.
  private struct Form {
    var shared: ValueID?
    var items: [ValueID] = []
    var stacked: ValueID?
  }

  private let single: Region
  private let count: Int
  private var emitter: Emitter
  private var forms: [Form]

  static func region(_ single: Region, _ batch: Batch, registry: Registry) throws(Fault) -> Region {
    var stacking = Stacking(single, batch, registry: registry)
    for node in single.nodes { try stacking.add(node) }
    var outputs: [ValueID] = []
    for item in 0..<batch.count {
      for value in single.outputs { outputs.append(try stacking.item(value, item)) }
    }
    stacking.emitter.setOutputs(outputs)
    return stacking.emitter.region
  }

  private init(_ single: Region, _ batch: Batch, registry: Registry) {
    self.single = single
    count = batch.count
    emitter = Emitter(registry: registry)
    forms = Array(repeating: Form(), count: single.types.count)
    for (value, isShared) in zip(single.inputs, batch.isShared) {
      let type = single.types[value]
      if isShared {
        forms[value].shared = emitter.input(type)
      } else {
        for _ in 0..<count { forms[value].items.append(emitter.input(type)) }
      }
    }
    for (value, tensor) in single.constants { forms[value].shared = emitter.constant(tensor) }
  }

  private mutating func add(_ node: Region.Node) throws(Fault) {
    if node.operands.joined().allSatisfy({ forms[$0].shared != nil }) {
      let results = try emitter.emit(
        node.op, node.operands.map { $0.map { forms[$0].shared! } }, node.attributes, label: node.label,
        position: node.position)
      for (value, result) in zip(node.results, results) { forms[value].shared = result }
    } else if try !stack(node) {
      for item in 0..<count {
        var operands: [[ValueID]] = []
        for port in node.operands {
          var values: [ValueID] = []
          for value in port { values.append(try self.item(value, item)) }
          operands.append(values)
        }
        let results = try emitter.emit(
          node.op, operands, node.attributes, label: node.label, position: node.position)
        for (value, result) in zip(node.results, results) { forms[value].items.append(result) }
      }
    }
  }

  /// Adds one node for all items; false where its op cannot.
  private mutating func stack(_ node: Region.Node) throws(Fault) -> Bool {
    let forms = forms
    guard let attributes = Stacking.attributes(node, single, count, isShared: { forms[$0].shared != nil }) else {
      return false
    }
    var operands: [[ValueID]] = []
    for port in node.operands {
      var values: [ValueID] = []
      for value in port {
        if let shared = forms[value].shared { values.append(shared) } else { values.append(try stacked(value)) }
      }
      operands.append(values)
    }
    // A rule that promised too much shows in the types; the node added in vain is pruned.
    guard let results = try? emitter.emit(node.op, operands, attributes, label: node.label) else { return false }
    for (value, result) in zip(node.results, results) {
      let alone = single.concrete(value)
      guard emitter.region.types[result].concrete.map({ $0.shape == [count] + alone.shape.dropFirst() }) == true else {
        return false
      }
    }
    for (value, result) in zip(node.results, results) { self.forms[value].stacked = result }
    return true
  }

  /// All items of a value in one.
  private mutating func stacked(_ value: ValueID) throws(Fault) -> ValueID {
    if let known = forms[value].stacked { return known }
    let result = try emitter.emit(Stack.op, [forms[value].items])[0]
    forms[value].stacked = result
    return result
  }

  private mutating func item(_ value: ValueID, _ item: Int) throws(Fault) -> ValueID {
    if let shared = forms[value].shared { return shared }
    if forms[value].items.isEmpty {
      for index in 0..<count {
        forms[value].items.append(
          try emitter.emit(Unstack.op, [[forms[value].stacked!]], ["index": .int(index)])[0])
      }
    }
    return forms[value].items[item]
  }

  /// The attributes of a stacked use of the node; nil where it must be repeated.
  private static func attributes(
    _ node: Region.Node, _ region: Region, _ count: Int, isShared: (ValueID) -> Bool
  ) -> Attributes? {
    guard case .numeric(let numeric) = node.op.action, let rule = numeric.batch, !node.op.isRandom else { return nil }
    let isStacked = node.operands.map { $0.map { !isShared($0) } }
    for (value, isStacked) in zip(node.operands.joined(), isStacked.joined()) where isStacked {
      if region.concrete(value).shape.first != 1 { return nil }
    }
    let results = node.results.map { region.concrete($0) }
    guard results.allSatisfy({ $0.shape.first == 1 }) else { return nil }
    return rule.attributes(
      BatchRule.Use(
        attributes: node.attributes, operands: node.operands.map { $0.map { region.concrete($0) } },
        isStacked: isStacked, results: results, count: count))
  }

  /// Whether a node can be stacked that reads weights: shared values of more than a dimension.
  static func pays(_ region: Region, isShared: [Bool]) -> Bool {
    // Every item draws its own numbers, by a seed that a run has one of.
    guard !region.nodes.contains(where: { $0.op.isRandom }) else { return false }
    var shared = Set(region.constants.keys)
    for (value, isShared) in zip(region.inputs, isShared) where isShared { shared.insert(value) }
    var pays = false
    for node in region.nodes {
      let operands = node.operands.joined()
      if operands.allSatisfy(shared.contains) {
        shared.formUnion(node.results)
      } else if !pays, operands.contains(where: { shared.contains($0) && region.concrete($0).shape.count > 1 }) {
        pays = attributes(node, region, 2, isShared: shared.contains) != nil
      }
    }
    return pays
  }
}

/// Puts items one behind the other along their leading dimension.
enum Stack {
  static let op = Op(
    "compiler.stack", doc: "Puts items one behind the other.", inputs: [Port("x", "any", .variadic)],
    outputs: [Port("y", "any")], isInternal: true,
    infer: { facts throws(Fault) in
      let items = facts.inputs[0]
      guard let (dtype, shape) = items[0].concrete else { return [.any] }
      let all = ([items.count] + shape.dropFirst()).map { Dim($0) }
      return [.tensor(TensorType(dtype: dtype, shape: all, meaning: items[0].tensor?.meaning ?? Meaning()))]
    },
    action: .numeric(
      Numeric { site throws(Fault) in
        let bytes = site.operands[0][0].byteCount
        return [
          Choice("stack", chunks: site.operands[0].count) { call in
            (call.results[0] + call.chunk * bytes).copyMemory(from: call.operands[call.chunk], byteCount: bytes)
          }
        ]
      }))
}

/// Takes one item out of a stack.
enum Unstack {
  static let op = Op(
    "compiler.unstack", doc: "Takes one item out of a stack.", inputs: [Port("x", "any")], outputs: [Port("y", "any")],
    params: [Param("index", .int(.natural), "which")], isInternal: true,
    infer: { facts throws(Fault) in
      let stack = facts.inputs[0][0]
      guard let (dtype, shape) = stack.concrete else { return [.any] }
      let one = ([1] + shape.dropFirst()).map { Dim($0) }
      return [.tensor(TensorType(dtype: dtype, shape: one, meaning: stack.tensor?.meaning ?? Meaning()))]
    },
    action: .numeric(
      Numeric { site throws(Fault) in
        let bytes = site.result.byteCount
        let offset = site.attributes.int("index") * bytes
        return [
          Choice("unstack") { call in
            call.results[0].copyMemory(from: call.operands[0] + offset, byteCount: bytes)
          }
        ]
      }))
}
