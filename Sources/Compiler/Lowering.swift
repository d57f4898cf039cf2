import Language
import Tensors
import Workers

/// Finds a place in memory for each value of a blueprint.
struct Lowering {
  private let blueprint: Blueprint
  private let nodes: [Blueprint.Operation]

  init(_ blueprint: Blueprint) {
    self.blueprint = blueprint
    var nodes = blueprint.operations
    // A wanted value that no node makes (an input, a constant) or that is wanted twice needs a copy of its own.
    var made = Set(nodes.flatMap(\.results))
    for value in blueprint.wanted where made.remove(value) == nil {
      nodes.append(
        Blueprint.Operation(
          label: "copy", op: Copy.name, choice: Copy.choice(blueprint.storage[value].type), operands: [value],
          results: []))
    }
    self.nodes = nodes
  }

  func program(team: Team, store: PreparedStore, slabs: SlabPool) -> Program {
    var slotOf: [ValueID: Int] = [:]
    var slots: [Program.Slot] = []
    func slot(_ kind: Program.Slot) -> Int {
      slots.append(kind)
      return slots.count - 1
    }
    for (position, value) in blueprint.inputs.enumerated() { slotOf[value] = slot(.input(position)) }
    for (value, tensor) in blueprint.constants { slotOf[value] = slot(.constant(tensor)) }

    // Values wanted outside are written where the caller wants them; copies fill in for what has no maker.
    let made = Set(nodes.flatMap(\.results))
    var copySlots: [Int] = []
    for (position, value) in blueprint.wanted.enumerated() {
      let output = slot(.output(position))
      if made.contains(value), slotOf[value] == nil { slotOf[value] = output } else { copySlots.append(output) }
    }

    let owners = aliasOwners(fixed: Set(slotOf.keys))
    let spans = ImageSpan.spans(
      nodes, blueprint.storage, fixed: Set(slotOf.keys), owners: owners, width: team.width)
    var imageBytes = 0
    for span in spans {
      let lives = lives(owners: owners) { span.own[$0] }
      imageBytes = max(imageBytes, lives.plan.totalBytes)
      for (value, bytes) in span.own {
        slotOf[value] = slot(.image(offset: lives.plan.offsets[lives.index[value]!], stride: bytes))
      }
    }
    let (plan, index) = lives(owners: owners, through: spans.map(\.steps)) {
      slotOf[$0] == nil ? blueprint.storage[$0].byteCount : nil
    }
    for node in nodes {
      for value in node.results where slotOf[value] == nil {
        slotOf[value] = slot(.slab(offset: plan.offsets[index[owners[value]!]!]))
      }
    }

    var copies = copySlots.makeIterator()
    let steps = nodes.map { node in
      let isCopy = node.results.isEmpty
      return Program.Step(
        label: node.label, op: node.op, position: node.position, choice: node.choice,
        operands: node.operands.map { slotOf[$0]! },
        results: isCopy ? [copies.next()!] : node.results.map { slotOf[$0]! },
        resultTypes: node.results.map { blueprint.storage[$0].memory })
    }
    return Program(
      blueprint: blueprint, steps: steps, slots: slots, spans: spans.map { ($0.steps, $0.images) },
      slabBytes: plan.totalBytes, imageBytes: imageBytes, team: team, store: store, slabs: slabs)
  }

  /// For each value, the value whose memory it uses: itself, or an operand that its kernel may overwrite and nobody
  /// reads later.
  private func aliasOwners(fixed: Set<ValueID>) -> [ValueID: ValueID] {
    var lastRead: [ValueID: Int] = [:]
    for (step, node) in nodes.enumerated() { for value in node.operands { lastRead[value] = step } }
    var owners: [ValueID: ValueID] = [:]
    for (step, node) in nodes.enumerated() {
      let operands = node.operands
      var taken = Set<ValueID>()
      for (position, result) in node.results.enumerated() {
        owners[result] = result
        guard !fixed.contains(result) else { continue }
        for pair in node.choice.inPlace where pair.result == position && pair.operand < operands.count {
          let operand = operands[pair.operand]
          if let owner = owners[operand], !fixed.contains(operand), !fixed.contains(owner), lastRead[operand] == step,
            operands.filter({ $0 == operand }).count == 1,
            !operands.contains(where: { $0 != operand && owners[$0] == owner }),
            blueprint.storage[operand].byteCount == blueprint.storage[result].byteCount, taken.insert(owner).inserted
          {
            owners[result] = owner
            break
          }
        }
      }
    }
    return owners
  }

  /// One interval per owner, over the lives of everything that uses its memory, and the index of each. What steps of
  /// one of `spans` touch lives through all of it, because each image passes through it. `bytes`: of a value; nil where
  /// it lies elsewhere.
  private func lives(
    owners: [ValueID: ValueID], through spans: [Range<Int>] = [], _ bytes: (ValueID) -> Int?
  ) -> (plan: BufferPlan, index: [ValueID: Int]) {
    var first: [ValueID: Int] = [:]
    var last: [ValueID: Int] = [:]
    var times = nodes.indices.map { ($0, $0) }
    for span in spans { for step in span { times[step] = (span.lowerBound, span.upperBound - 1) } }
    for (node, (begin, end)) in zip(nodes, times) {
      for value in node.results where bytes(value) != nil {
        let owner = owners[value]!
        first[owner] = min(first[owner] ?? begin, begin)
        last[owner] = max(last[owner] ?? end, end)
      }
      for value in node.operands where bytes(value) != nil {
        if let owner = owners[value] { last[owner] = max(last[owner] ?? end, end) }
      }
    }
    let order = first.keys.sorted()
    let intervals = order.map { BufferPlan.Interval(bytes: bytes($0)!, first: first[$0]!, last: last[$0]!) }
    return (BufferPlan(intervals), Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) }))
  }
}
