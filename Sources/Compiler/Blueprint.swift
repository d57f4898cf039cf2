import Language
import Tensors

/// A region with a kernel chosen for every step and conversions in place: what programs are planned from. Values are
/// numbered on from those of the region.
struct Blueprint: Sendable {
  /// A class, because plan and program hand it on.
  final class Operation: Sendable {
    let label: String
    let op: String
    let choice: Choice
    let operands: [ValueID]
    let results: [ValueID]
    /// Of the node, for random numbers.
    let position: Digest?
    /// Whether it gives something else at every run.
    let isRandom: Bool

    init(
      label: String, op: String, choice: Choice, operands: [ValueID], results: [ValueID], position: Digest? = nil,
      isRandom: Bool = false
    ) {
      self.label = label
      self.op = op
      self.choice = choice
      self.operands = operands
      self.results = results
      self.position = position
      self.isRandom = isRandom
    }

    /// The same done by another kernel.
    func done(by choice: Choice, giving results: [ValueID]) -> Operation {
      Operation(
        label: label, op: op, choice: choice, operands: operands, results: results, position: position,
        isRandom: isRandom)
    }
  }

  struct Storage: Sendable {
    let type: Concrete
    let layout: Layout

    var byteCount: Int { layout.byteCount(type) }
    /// The type of the memory itself, for observers.
    var memory: Concrete {
      switch layout {
      case .rowMajor: return type
      case .channelBlocked(let block):
        let shape = type.shape
        return Concrete(
          dtype: type.dtype, shape: [shape[0], (shape[1] + block - 1) / block] + shape[2...] + [block])
      case .prepared(let preparation): return Concrete(dtype: .f32, shape: [preparation.byteCount / 4])
      }
    }
  }

  private(set) var storage: [Storage]
  private(set) var operations: [Operation] = []
  let inputs: [ValueID]
  private(set) var constants: [ValueID: Tensor]
  /// What is wanted, by the value that holds it in row-major order.
  private(set) var wanted: [ValueID]
  /// Positions of inputs that are parameters of the network: the same from run to run, as a rule.
  let parameters: [Int]

  /// With a loss, the inputs that it is not differentiated by are taken to stay the same, so converting them is free.
  init(region: Region, nodes: [Region.Node], wanted: [ValueID], demand: Demand) throws(Fault) {
    let candidates = try Absorption(region: region, nodes: nodes, wanted: wanted, showsEveryNode: demand.showsEveryNode)
      .candidates()
    var isParameter = Array(repeating: false, count: region.types.count)
    for node in nodes {
      for (port, values) in zip(node.op.inputs, node.operands) where port.isParameter {
        for value in values { isParameter[value] = true }
      }
    }
    var isSteady = isParameter
    for value in region.constants.keys { isSteady[value] = true }
    if demand.loss != nil { for value in region.inputs { isSteady[value] = !demand.wrt.contains(value) } }
    // A parameter that a node makes changes with what it is made from.
    for value in nodes.flatMap(\.results) { isSteady[value] = false }
    let layouts = LayoutChoice(region: region, candidates: candidates, wanted: wanted, isSteady: isSteady)

    storage = region.types.indices.map { Storage(type: region.concrete($0), layout: layouts.layout($0)) }
    inputs = region.inputs
    constants = region.constants
    self.wanted = wanted
    parameters = region.inputs.indices.filter { isParameter[region.inputs[$0]] }

    let digests = Blueprint.digests(candidates, layouts, isSteady)
    operations.reserveCapacity(candidates.count)
    var converted: [ValueID: [(layout: Layout, value: ValueID)]] = [:]
    for (index, candidate) in candidates.enumerated() {
      let choice = layouts.choice(index)
      var operands: [ValueID] = []
      operands.reserveCapacity(candidate.operands.count)
      for (slot, value) in candidate.operands.enumerated() {
        operands.append(convert(value, to: choice.operandLayout(slot), candidate.label, &converted))
      }
      var operation = Operation(
        label: candidate.label, op: candidate.op, choice: choice, operands: operands, results: candidate.results,
        position: candidate.position, isRandom: candidate.isRandom)
      if let byProduct = choice.byProduct, let value = candidate.results.first,
        digests[value, default: []].contains(byProduct.layout)
      {
        storage.append(Storage(type: storage[value].type, layout: byProduct.layout))
        operation = operation.done(by: byProduct.choice(), giving: candidate.results + [storage.count - 1])
        converted[value, default: []].append((byProduct.layout, storage.count - 1))
      }
      operations.append(operation)
      for value in candidate.results where !digests.isEmpty {
        for layout in digests[value] ?? [] { _ = convert(value, to: layout, candidate.label, &converted) }
      }
    }
    for index in self.wanted.indices {
      self.wanted[index] = convert(self.wanted[index], to: .rowMajor, "", &converted)
    }
    operations = Halvings.absorbed(operations, storage, wanted: Set(self.wanted))
  }

  /// Forms of values, by value, that are much smaller than the values: masks, places of maxima. They are made as soon as
  /// the value is, so that its memory is free until what reads them runs, often much later.
  private static func digests(
    _ candidates: [Candidate], _ layouts: LayoutChoice, _ isSteady: [Bool]
  ) -> [ValueID: [Layout]] {
    var found: [ValueID: [Layout]] = [:]
    for (index, candidate) in candidates.enumerated() {
      let choice = layouts.choice(index)
      for (slot, value) in candidate.operands.enumerated() where !isSteady[value] {
        let layout = choice.operandLayout(slot)
        guard case .prepared(let preparation) = layout, preparation.source != .rowMajor,
          !found[value, default: []].contains(layout)
        else { continue }
        found[value, default: []].append(layout)
      }
    }
    return found
  }

  /// The value in that layout, by a conversion before this point that is shared with whoever asked earlier.
  private mutating func convert(
    _ value: ValueID, to layout: Layout, _ label: String,
    _ converted: inout [ValueID: [(layout: Layout, value: ValueID)]]
  ) -> ValueID {
    let own = storage[value]
    if own.layout == layout { return value }
    if let known = converted[value]?.first(where: { $0.layout == layout }) { return known.value }
    var source = value
    if case .prepared(let preparation) = layout {
      source = convert(value, to: preparation.source, label, &converted)
    } else if own.layout != .rowMajor, layout != .rowMajor {
      source = convert(value, to: .rowMajor, label, &converted)
    }
    storage.append(Storage(type: own.type, layout: layout))
    let result = storage.count - 1
    operations.append(
      Operation(
        label: label, op: "compiler.convert",
        choice: Conversion.choice(own.type, from: storage[source].layout, to: layout), operands: [source],
        results: [result]))
    converted[value, default: []].append((layout, result))
    return result
  }

  /// The same with some inputs given for good: what depends on constants alone is computed now.
  func holding(_ tensors: [Int: Tensor], _ evaluate: (Operation, [Tensor], [Storage]) -> [Tensor]) -> Blueprint {
    var held = self
    for (position, tensor) in tensors { held.constants[inputs[position]] = tensor }
    held.operations = []
    for operation in operations {
      let operands = operation.operands.map { held.constants[$0] }
      guard !operation.isRandom, !operands.isEmpty, operands.allSatisfy({ $0 != nil }) else {
        held.operations.append(operation)
        continue
      }
      let results = evaluate(operation, operands.map { $0! }, operation.results.map { storage[$0] })
      for (value, tensor) in zip(operation.results, results) { held.constants[value] = tensor }
    }
    held.dropUnread()
    return held
  }

  /// Forgets constants that nothing reads any more, so that weights do not live on beside their prepared forms.
  private mutating func dropUnread() {
    var isRead = Array(repeating: false, count: storage.count)
    for operation in operations { for value in operation.operands { isRead[value] = true } }
    for value in wanted { isRead[value] = true }
    constants = constants.filter { isRead[$0.key] }
  }
}
